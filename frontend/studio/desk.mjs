// The desk that all editors of the studio share: a file is loaded, kept every few seconds, and never overwritten silently.
// What cannot reach the server stays in this browser until it can: after a session that ended, without a network.
import { t } from './words.mjs';
import { differences } from './differences.mjs';
import { Findings } from './findings.mjs';

const QUIET = 2000;
const AGAIN = 15000;
const LOOK = 6000;

/**
 * `editor` says how a file is read and shown:
 *   read() the content as it would be saved; show(content, {first}); touched() ids edited since the last save;
 *   taken() takes over what is typed and not in the file yet; saved() after a save; mark(findings) on the canvas; select(elementId) from the findings list.
 */
export class Desk {
  constructor(host, editor) {
    this.host = host;
    this.editor = editor;
    this.data = host.dataset;
    this.findings = new Findings(document.getElementById('desk-finds'), { file: this.data.name, select: (id) => editor.select?.(id) });
    this.notes = document.getElementById('desk-notes');
    this.state = document.getElementById('desk-state');
    this.editable = this.data.editable === 'true';
    this.base = 0;
    this.last = null;
    this.stopped = null;
    this.saving = null;
    this.heard = new Set();
  }

  async open() {
    const file = await this.asked(this.data.address);
    this.base = file.revision;
    this.last = file.content;
    this.writers(file.writers);
    await this.editor.show(file.content, { first: true });
    this.editable = this.editable && file.editable;
    this.host.dataset.ready = 'true';
    this.look();
    if (!this.editable) return;
    this.offer();
    addEventListener('beforeunload', (event) => { if (this.dirty) event.preventDefault(); });
    addEventListener('keydown', (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === 's') { event.preventDefault(); this.save({ automatic: false }); }
    });
    for (const name of [ 'focus', 'online' ]) addEventListener(name, () => this.resume());
    document.addEventListener('visibilitychange', () => { if (document.hidden) { if (this.dirty) this.save(); } else this.resume(); });
    this.others();
    setInterval(() => this.others(), LOOK);
  }

  /** Something was edited: saved after a moment of quiet. */
  changed() {
    if (!this.editable) return;
    this.dirty = true;
    if (this.stopped) return;
    this.say('open', t('正在修改'));
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.save(), QUIET);
  }

  async save({ automatic = true } = {}) {
    clearTimeout(this.waiting);
    if (!this.editable || this.host.inert || this.stopped === 'conflict') return;
    const saving = this.after(this.saving, automatic);
    this.saving = saving;
    await saving.finally(() => { if (this.saving === saving) this.saving = null; });
  }

  /** One save after the other; what was typed while the one before was under way is not left to the next automatic one. */
  async after(before, automatic) {
    if (before) {
      await before;
      await this.editor.taken?.();
      if (!this.dirty || this.stopped === 'conflict') return;
    }
    await this.send(automatic);
  }

  async send(automatic) {
    let content;
    try {
      content = await this.editor.read();
    } catch (problem) {
      this.say('failed', problem.message);
      return;
    }
    this.dirty = false;
    if (content === this.last) { this.say('saved', t('没有需要保存的修改')); return; }
    const touched = [ ...(this.editor.touched?.() ?? []) ];
    try {
      const answer = await fetch(this.data.address, {
        method: 'PUT',
        headers: this.headers,
        body: JSON.stringify({ content, base: this.base, automatic, touched }),
        redirect: 'manual',
      });
      const told = await toldBy(answer);
      if (answer.ok && told) this.done(content, told);
      else await this.refused(answer, told, content);
    } catch {
      this.keep(content);
      this.say('failed', t('没有网络，修改暂存在本浏览器，恢复后自动保存'));
      this.waiting = setTimeout(() => this.save(), AGAIN);
    }
  }

  done(content, told) {
    this.base = told.revision;
    this.last = content;
    this.forget();
    this.stopped = null;
    this.editor.saved?.();
    this.note('refused');
    this.note('signed-out');
    this.writers(told.writers);
    this.say('saved', t('{time} 已保存', { time: clock(new Date()) }));
    this.hear(told.findings ?? []);
    this.host.dispatchEvent(new CustomEvent('wenze:saved', { detail: told }));
  }

  async refused(answer, told, content) {
    this.dirty = true;
    this.keep(content);
    if (answer.status === 409 && told?.revision !== undefined) this.conflict(told, content);
    else if (answer.status === 422 || answer.status === 404 || answer.status === 409) {
      this.say('failed', t('没有保存'));
      this.note('refused', 'bad', [ told?.sentence ?? t('内容没有通过检查。'), ...(told?.findings ?? []).slice(0, 5).map(({ sentence }) => sentence) ]);
      if (told?.findings?.length) this.hear([ ...told.findings, ...this.findings.other ]);
    } else if (await this.renew()) await this.send(true);
  }

  // ---- two people on one file

  conflict(told, mine) {
    this.stopped = 'conflict';
    this.say('failed', t('没有保存'));
    const when = told.at ? stamp(told.at) : '';
    const box = this.note('conflict', 'bad', [
      told.sentence ?? t('{who}在 {when} 保存了新的版本，您的修改没有保存。', { who: told.who, when }),
      t('请先比较，再决定保留哪一份；另一份仍在历史中。'),
    ]);
    box.dataset.conflict = 'true';
    const acts = box.appendChild(made('p', { className: 'desk-acts' }));
    acts.append(
      button(t('保留我的，另存为新版本'), async () => {
        this.base = told.revision;
        this.stopped = null;
        this.last = null;
        this.note('conflict');
        await this.save({ automatic: false });
        if (!this.dirty) this.company('OWN').catch(() => {});
      }, 'btn btn-line btn-sm2'),
      button(t('采用对方的'), async () => {
        this.stopped = null;
        this.forget();
        this.note('conflict');
        await this.still(() => this.replace(told.content ?? '', told.revision));
        this.say('saved', t('已采用对方的版本'));
        this.company('OTHER').catch(() => {});
        this.look();
      }, 'btn btn-line btn-sm2'),
      download(t('下载我的版本'), this.data.name, mine),
      download(t('下载对方的版本'), this.data.name, told.content ?? ''),
    );
    box.append(differences(mine, told.content ?? '', told.who ?? t('对方')));
  }

  async others() {
    if (document.hidden || this.stopped) return;
    try {
      const { revision } = await this.company();
      if (revision <= this.base || this.saving) return;
      const file = await this.asked(this.data.address);
      if (file.revision > this.base && !this.saving && file.content !== this.last) {
        if (!await this.still(() => this.taken(file))) { await this.save(); return; } // the server tells the conflict
        this.say('saved', t('已载入{who}的修改', { who: file.changed_by }));
        this.look();
      }
    } catch {
      // the next look asks again
    }
  }

  /** Says that the file is open here, and what was chosen between two versions; hears who else has it open. */
  async company(choice = null) {
    const answer = await fetch(this.data.company, { method: 'POST', headers: this.headers, body: JSON.stringify(choice ? { choice } : {}), redirect: 'manual' });
    const told = await toldBy(answer);
    if (!answer.ok || !told) throw new Error(told?.sentence);
    this.writers(told.writers);
    for (const one of told.chosen) this.chosen(one);
    return told;
  }

  /** What another made of the version that was saved here before his: told once. */
  chosen({ who, choice, at }) {
    if (this.heard.has(who + at)) return;
    this.heard.add(who + at);
    const sentence = choice === 'OWN' ? t('{who}比较后保留了自己的版本，您的版本仍在历史中。', { who }) : t('{who}比较后采用了您的版本。', { who });
    this.note('chosen', '', [ sentence ]).append(button(t('知道了'), () => this.note('chosen')));
  }

  get headers() { return { 'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRFToken': this.data.token }; }

  /** Nobody can type while `act` runs: it would be lost. */
  async still(act) {
    const at = document.activeElement;
    this.host.inert = true;
    try {
      return await act();
    } finally {
      this.host.inert = false;
      if (at?.isConnected) at.focus();
    }
  }

  /** Another version takes the place of what stands here, unless there is something that was not saved, typed this moment even. */
  async taken(file) {
    await this.editor.taken?.();
    if (this.dirty) return false;
    await this.replace(file.content, file.revision);
    return true;
  }

  async replace(content, revision) {
    this.base = revision;
    this.last = content;
    await this.editor.show(content, { first: false });
    this.dirty = false;
  }

  writers(names = []) {
    this.note('writers', '', names.length ? [ t('{names}也打开了这个文件，请先联系再修改，以免互相覆盖。', { names: names.join(t('、')) }) ] : null);
  }

  // ---- a session that ended

  async renew() {
    let same = false;
    try {
      const answer = await fetch(this.data.session, { headers: { Accept: 'application/json' } });
      const told = await answer.json();
      same = answer.ok && told.person === this.data.person;
      if (same && told.token !== this.data.token) { this.data.token = told.token; this.stopped = null; this.note('signed-out'); return true; }
    } catch {
      // without a network nothing is known
    }
    this.stopped = 'signed-out';
    this.say('failed', t('没有保存'));
    const box = this.note('signed-out', 'bad', [ same ? t('您现在不能保存这个文件。') : t('登录已过期。修改暂存在本浏览器，重新登录后自动保存。') ]);
    if (!same) box.append(made('a', { className: 'btn btn-line btn-sm2', href: this.data.signin, target: '_blank', textContent: t('重新登录') }));
    return false;
  }

  async resume() {
    if (this.stopped !== 'signed-out') return;
    this.stopped = null;
    if (await this.renew()) this.save();
  }

  // ---- what stays in this browser

  get place() { return `wenze-studio:${this.data.person}:${this.data.address}`; }

  keep(content) {
    try {
      localStorage.setItem(this.place, JSON.stringify({ content, base: this.base, at: new Date().toISOString() }));
    } catch {
      // a full store keeps nothing; the page still has it
    }
  }

  forget() { localStorage.removeItem(this.place); }

  offer() {
    let kept;
    try {
      kept = JSON.parse(localStorage.getItem(this.place));
    } catch {
      kept = null;
    }
    if (!kept || kept.content === this.last) { this.forget(); return; }
    const box = this.note('kept', '', [ t('本浏览器里有 {when} 没能保存的修改。', { when: stamp(kept.at) }) ]);
    box.append(
      button(t('恢复'), async () => {
        await this.still(() => this.editor.show(kept.content, { first: false }));
        this.base = kept.base;
        this.note('kept');
        this.dirty = true;
        await this.save({ automatic: false });
      }, 'btn btn-line btn-sm2'),
      button(t('放弃'), () => { this.forget(); this.note('kept'); }, 'btn btn-line btn-sm2'),
    );
  }

  // ---- findings, and what the page says

  async look() {
    try {
      this.hear((await this.asked(this.data.findings)).findings);
    } catch {
      this.findings.unknown();
    }
  }

  hear(findings) {
    this.findings.show(findings);
    this.editor.mark?.(findings.filter(({ file }) => file === this.data.name));
  }

  async asked(address) {
    const answer = await fetch(address, { headers: { Accept: 'application/json' } });
    if (!answer.ok) throw new Error((await toldBy(answer))?.sentence ?? t('没有读到文件，请刷新页面。'));
    return answer.json();
  }

  say(state, text) {
    this.state.dataset.state = state;
    this.state.lastElementChild.textContent = text;
  }

  /** A banner by its name; without sentences it goes. */
  note(name, tone = '', sentences = null) {
    this.notes.querySelector(`[data-note="${name}"]`)?.remove();
    if (!sentences) return null;
    const box = made('div', { className: `desk-note ${tone}` });
    box.dataset.note = name;
    box.setAttribute('role', tone === 'bad' ? 'alert' : 'status');
    for (const sentence of sentences) box.append(made('p', { textContent: sentence }));
    this.notes.append(box);
    return box;
  }
}

export const made = (tag, properties = {}) => Object.assign(document.createElement(tag), properties);

export function button(text, act, className = 'btn btn-line btn-sm2') {
  const one = made('button', { type: 'button', textContent: text, className });
  one.addEventListener('click', act);
  return one;
}

function download(text, name, content) {
  const link = made('a', { className: 'btn btn-quiet btn-sm2', textContent: text, download: name.split('/').at(-1) });
  link.href = URL.createObjectURL(new Blob([ content ], { type: 'application/octet-stream' }));
  return link;
}

async function toldBy(answer) {
  try {
    return await answer.json();
  } catch {
    return null;
  }
}

const OFFICE = 'Asia/Shanghai';
const clock = (moment) => moment.toLocaleTimeString('zh-CN', { timeZone: OFFICE, hour: '2-digit', minute: '2-digit', hour12: false });
const stamp = (text) => new Date(text).toLocaleString('zh-CN', { timeZone: OFFICE, month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hour12: false });

/** The JSON block of the page with that id. */
export const block = (id, otherwise = null) => {
  const element = document.getElementById(id);
  return element ? JSON.parse(element.textContent) ?? otherwise : otherwise;
};

/** The first of many names. */
export const few = (names, most = 6) => names.slice(0, most).join(t('、')) + (names.length > most ? '…' : '');

/** Why a file must not be saved from an editor that could not read all of it, from what the library warned of; else null. */
export function unreadable(warnings = []) {
  const count = warnings.filter(({ message }) => message?.startsWith('unparsable content')).length;
  return count ? t('编辑器读不出 {count} 处内容，保存会丢失它们，所以不能在这里编辑。请按检查结果改正文件后重新导入。', { count }) : null;
}

/** Opens the desk; a failure is said where the editor would stand. */
export async function seat(host, editor) {
  const desk = new Desk(host, editor);
  editor.desk = desk;
  try {
    await desk.open();
  } catch (problem) {
    desk.note('broken', 'bad', [ problem.message || t('没有读到文件，请刷新页面。') ]);
    host.dataset.ready = 'broken';
    desk.editable = false;
    console.warn(problem);
    desk.look();
  }
  return desk;
}
