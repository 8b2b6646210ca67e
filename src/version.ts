import project from '../package.json' with { type: 'json' };

/** Of this action; shown in every report. */
export const version: string = project.version;
