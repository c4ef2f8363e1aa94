import { type MouseEvent, useSyncExternalStore } from 'react';

/** The pages by address. Four pages need no router library. */
export type Route =
  | { page: 'home' }
  | { page: 'board' }
  | { page: 'desk' }
  | { page: 'calls'; callId: string | null }
  | { page: 'unknown'; path: string };

const changed = 'hotline:navigated';

export function routeOf(path: string): Route {
  const [first = '', second, ...rest] = path.split('/').filter((part) => part !== '');
  if (first === '') return { page: 'home' };
  if (first === 'calls' && rest.length === 0) {
    const callId = second === undefined ? null : decode(second);
    if (callId !== undefined) return { page: 'calls', callId };
  }
  if ((first === 'board' || first === 'desk') && second === undefined) return { page: first };
  return { page: 'unknown', path };
}

export function pathOf(route: Exclude<Route, { page: 'unknown' }>): string {
  if (route.page === 'home') return '/';
  if (route.page === 'calls' && route.callId !== null) return `/calls/${encodeURIComponent(route.callId)}`;
  return `/${route.page}`;
}

/** Goes to a page without loading the document anew. */
export function navigate(path: string, how: 'push' | 'replace' = 'push'): void {
  if (how === 'push') history.pushState(null, '', path);
  else history.replaceState(null, '', path);
  dispatchEvent(new Event(changed));
}

/** For `<a onClick>`: an ordinary click stays in the page, a click that asks for a new tab does not. */
export function followLink(event: MouseEvent<HTMLAnchorElement>): void {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  navigate(event.currentTarget.pathname);
}

export function useRoute(): Route {
  const path = useSyncExternalStore(subscribe, () => location.pathname);
  return routeOf(path);
}

function subscribe(listener: () => void): () => void {
  addEventListener('popstate', listener);
  addEventListener(changed, listener);
  return () => {
    removeEventListener('popstate', listener);
    removeEventListener(changed, listener);
  };
}

/** undefined when the address holds a broken escape such as `%E0%`. */
function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
