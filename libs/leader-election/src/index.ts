export * from './leadership';
export * from './sole-leader';
