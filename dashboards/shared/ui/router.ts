import { type MouseEvent, useSyncExternalStore } from 'react';

/** The pages by address. A handful of pages needs no router library. */
export type Route =
  | { page: 'home' }
  | { page: 'board' }
  | { page: 'desk' }
  | { page: 'calls'; callId: string | null }
  | { page: 'ledger' }
  | { page: 'prompts' }
  | { page: 'tasks' }
  | { page: 'ivr' }
  | { page: 'unknown'; path: string };

type PlainPage = 'board' | 'desk' | 'ledger' | 'prompts' | 'tasks' | 'ivr';
const plainPages: ReadonlySet<string> = new Set<PlainPage>([
  'board',
  'desk',
  'ledger',
  'prompts',
  'tasks',
  'ivr',
]);

const changed = 'hotline:navigated';

/** `search` is the address's query. A call's id stands there and not in the path: it has a dot, and a server takes a path with a dot for a file. */
export function routeOf(path: string, search = ''): Route {
  const page = path.replace(/^\/+|\/+$/g, '');
  if (page === '') return { page: 'home' };
  if (page === 'calls') return { page, callId: new URLSearchParams(search).get('call') };
  if (plainPages.has(page)) return { page: page as PlainPage };
  return { page: 'unknown', path };
}

export function pathOf(route: Exclude<Route, { page: 'unknown' }>): string {
  if (route.page === 'home') return '/';
  if (route.page === 'calls' && route.callId !== null) {
    return `/calls?${new URLSearchParams({ call: route.callId })}`;
  }
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
  navigate(event.currentTarget.pathname + event.currentTarget.search);
}

export function useRoute(): Route {
  const address = useSyncExternalStore(subscribe, () => location.pathname + location.search);
  const [path = '', search = ''] = address.split('?', 2);
  return routeOf(path, search);
}

function subscribe(listener: () => void): () => void {
  addEventListener('popstate', listener);
  addEventListener(changed, listener);
  return () => {
    removeEventListener('popstate', listener);
    removeEventListener(changed, listener);
  };
}
