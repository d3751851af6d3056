// Papers: uploaded at once, kept as ids. Names of papers uploaded in this tab survive a refused submission.
import { useRef, useState } from 'preact/hooks';

import { describedBy, GroupFrame, usePaper, useTranslate } from './frame.jsx';

const memory = (id) => `paper ${id}`;

function remember(id, name) {
  try {
    sessionStorage.setItem(memory(id), name);
  } catch { /* a full or forbidden store only costs the name */ }
}

function recall(id) {
  try {
    return sessionStorage.getItem(memory(id));
  } catch {
    return null;
  }
}

/** Send one file; resolves to { id, file_name } or rejects with a sentence. */
function send(file, { upload, token }, translate, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append('file', file);
    body.append('key', [ ...crypto.getRandomValues(new Uint8Array(16)) ].map((byte) => byte.toString(16).padStart(2, '0')).join(''));
    request.open('POST', upload);
    request.setRequestHeader('X-CSRFToken', token);
    request.setRequestHeader('Accept', 'application/json');
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total, lengthComputable }) => lengthComputable && onProgress(loaded / total);
    request.onerror = () => reject(new Error(translate('网络中断，请重试。')));
    request.onload = () => {
      const told = request.response ?? {};
      if (request.status < 300 && told.id) resolve(told);
      else reject(new Error(told.detail ?? told.title ?? `${request.status}`));
    };
    request.send(body);
  });
}

export function Attachment(props) {
  const { field, value, domId, errors = [], onChange, onBlur, disabled, readonly } = props;
  const translate = useTranslate();
  const paper = usePaper();
  const [ sending, setSending ] = useState([]);
  const [ refusals, setRefusals ] = useState([]);
  const [ told, setTold ] = useState('');
  const [ over, setOver ] = useState(false);
  const input = useRef();
  const multiple = field.type === 'multi-attachment';
  const ids = Array.isArray(value) ? value : [];
  const latest = useRef(ids);
  latest.current = ids;
  const locked = disabled || readonly;
  const nameOf = (id, position) =>
    recall(id) ?? (paper.options.attachments ?? []).find((known) => known.value === id)?.label ?? translate('附件 {number}', { number: position + 1 });

  const take = async (files) => {
    setRefusals([]);
    for (const file of multiple ? files : files.slice(0, 1)) {
      const mark = { name: file.name, done: 0 };
      setSending((now) => [ ...now, mark ]);
      try {
        const kept = await send(file, paper, translate, (done) => { mark.done = done; setSending((now) => [ ...now ]); });
        remember(kept.id, kept.file_name ?? file.name);
        latest.current = multiple ? [ ...latest.current.filter((id) => id !== kept.id), kept.id ] : [ kept.id ];
        onChange({ field, value: latest.current });
        setTold(translate('已上传 {name}', { name: file.name }));
      } catch (error) {
        setRefusals((now) => [ ...now, translate('“{name}”未能上传：{detail}', { name: file.name, detail: error.message }) ]);
      }
      setSending((now) => now.filter((other) => other !== mark));
    }
  };
  const hover = (event) => {
    if (locked || !event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    setOver(event.type === 'dragover');
    if (event.type === 'drop') take([ ...event.dataTransfer.files ]);
  };
  const remove = (id) => {
    onChange({ field, value: ids.filter((kept) => kept !== id) });
    setTimeout(() => input.current?.focus());
  };

  return (
    <GroupFrame type="attachment" {...props} errors={[ ...refusals, ...errors ]}>
      <div class={over ? 'wz-papers wz-over' : 'wz-papers'} onDragOver={hover} onDragLeave={() => setOver(false)} onDrop={hover}>
        {ids.length > 0 && (
          <ul>
            {ids.map((id, position) => (
              <li key={id}>
                <a href={`${paper.upload}/${encodeURIComponent(id)}`}>{nameOf(id, position)}</a>
                {!locked && <button type="button" class="wz-remove" aria-label={translate('移除“{name}”', { name: nameOf(id, position) })} onClick={() => remove(id)}>{translate('删除')}</button>}
              </li>
            ))}
          </ul>
        )}
        {sending.map((mark, position) => (
          <div class="wz-sending" key={position}><span>{translate('正在上传 {name}', mark)}</span><progress max="1" value={mark.done} /></div>
        ))}
        {!locked && (multiple || !ids.length) && (
          <label class="btn btn-line wz-upload">
            <input
              ref={input} id={domId} type="file" multiple={multiple} accept={field.accept} onBlur={onBlur}
              aria-label={field.label} aria-describedby={describedBy(domId)} aria-invalid={errors.length > 0 || undefined}
              onChange={({ target }) => { const files = [ ...target.files ]; target.value = ''; take(files); }}
            />
            <span aria-hidden="true">{ids.length ? translate('再上传一个') : translate('上传文件')}</span>
          </label>
        )}
        <p class="visually-hidden" role="status">{told}</p>
      </div>
    </GroupFrame>
  );
}
