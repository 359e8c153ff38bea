import preset from './jest.preset.js';

/** One configuration for all projects: `npx jest <part of a path>` runs the unit tests there. */
export default { ...preset, roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/tools'] };
