export * from './domain/leadership';
export * from './domain/static-leadership';
