// Workflow Builder, as little of it as a step needs: run one by hand, and see what it tells to those after it.

import { h, icon, put } from "./dom.js";

const STATES = { running: "waits", completed: "done", failed: "failed", cancelled: "ended" };
const PERSON = "slack#/types/user_context";
const CHANNEL = "slack#/types/channel_id";
const LONG = ["options"];

export class Workflows {
  constructor(app) {
    this.app = app;
    this.look = "";
    this.steps = h("div", { class: "steps" });
    this.runs = h("ol", { class: "runs", "aria-label": "Runs of steps" });
    this.root = h("details", { class: "card workflows", data: { testid: "workflows" } },
      h("summary", null, icon("chevron"), h("b", null, "Workflow Builder")), this.steps, this.runs);
  }

  draw() {
    const { steps, runs } = this.app.state.workflows ?? { steps: {}, runs: [] };
    if (!this.steps.firstChild) put(this.steps, Object.entries(steps).map(([id, step]) => this.step(id, step)));
    const look = JSON.stringify(runs);
    if (look === this.look) return;
    this.look = look;
    put(this.runs, runs.map((run) => this.run(run, steps[run.step])));
    // What one step told is at hand for the next one, as a variable is in Workflow Builder.
    const poll = runs.find((run) => run.outputs.poll)?.outputs.poll;
    const field = this.steps.querySelector('[name="poll"]');
    if (poll && field && !field.value) field.value = poll;
  }

  step(id, { title, description, input_parameters: { properties, required } }) {
    const fields = Object.entries(properties).filter(([, one]) => one.type !== PERSON);
    const form = h("form", {
      class: "step-form", data: { testid: `step-${id}` },
      onsubmit: async (event) => {
        event.preventDefault();
        const inputs = Object.fromEntries([...new FormData(form)].filter(([, value]) => value));
        for (const [name, one] of fields) if (one.type === CHANNEL) inputs[name] = this.app.channel;
        const { error } = await this.app.post("/world/run_step", { user: this.app.viewer, step: id, inputs });
        if (error) this.app.notice(error);
      },
    },
    h("small", null, description),
    fields.filter(([, one]) => one.type !== CHANNEL).map(([name, one]) => h("label", null, one.title,
      h(LONG.includes(name) ? "textarea" : "input", {
        name, required: required.includes(name), placeholder: one.hint, autocomplete: "off",
        ...(LONG.includes(name) ? { rows: 2 } : {}),
      }))),
    h("button", { type: "submit", class: "button" }, "Run"));
    return h("details", { class: "step-box" }, h("summary", null, icon("chevron"), title), form);
  }

  run(run, step) {
    return h("li", { class: `run ${run.state}`, data: { testid: `run-${run.id}` } },
      h("div", { class: "run-line" }, h("b", null, step?.title ?? run.step),
        h("span", { class: "pill" }, STATES[run.state])),
      run.error && h("p", { class: "run-error" }, run.error),
      h("dl", null, Object.entries(run.outputs).map(([name, value]) => [
        h("dt", null, step?.output_parameters.properties[name]?.title ?? name),
        h("dd", { data: { output: name } }, String(value)),
      ])));
  }
}
