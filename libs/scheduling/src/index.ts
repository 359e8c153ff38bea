export * from './back-off';
export * from './clock';
export * from './for-each-bounded';
export * from './periodic-loop';
export * from './with-timeout';
