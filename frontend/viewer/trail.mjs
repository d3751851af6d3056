// Where one is: the main diagram and the called ones below it, each a button back.
export function trail(host, go) {
  const nav = document.createElement('nav');
  nav.className = 'viewer-trail';
  host.append(nav);
  return (path) => {
    nav.hidden = path.length < 2;
    nav.replaceChildren(
      ...path.map(({ key, name }, index) => {
        const last = index === path.length - 1;
        const step = document.createElement(last ? 'span' : 'button');
        step.textContent = name;
        if (last) step.setAttribute('aria-current', 'page');
        else {
          step.type = 'button';
          step.addEventListener('click', () => go(key));
        }
        return step;
      }),
    );
  };
}
