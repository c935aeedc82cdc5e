// The scripts of a page share one global scope: what each defines for those after it.
declare const linear: typeof import("../../src/infomorphic/playground/static/linear.js");
declare const commonChange: typeof import("../../src/infomorphic/playground/static/surprisal.js");
declare const uniqueInformation: typeof import("../../src/infomorphic/playground/static/unique.js");
declare const engine: typeof import("../../src/infomorphic/playground/static/engine.js");
declare const objective: typeof import("../../src/infomorphic/playground/static/objective.js");
declare const layers: typeof import("../../src/infomorphic/playground/static/layer.js");
declare const learningTasks: typeof import("../../src/infomorphic/playground/static/tasks.js");
declare const learning: typeof import("../../src/infomorphic/playground/static/learning.js");
declare const goalText: typeof import("../../src/infomorphic/playground/static/goal.js");
declare const csv: typeof import("../../src/infomorphic/playground/static/csv.js");
// Libraries for charts.
declare const Plotly: any;
declare const uPlot: any;
