export * from './recording-startup-observer';
export * from './scripted-component';
