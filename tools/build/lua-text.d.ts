/** A Lua script is imported as its text: the bundler and the test runner both do so. */
declare module '*.lua' {
  const text: string;
  export default text;
}
