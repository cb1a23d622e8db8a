// Reads a diagram a line, as JSON, and answers each with what Mermaid's own parser made of it.
import { createInterface } from "node:readline";
import { JSDOM } from "jsdom";

const { window } = new JSDOM("<!DOCTYPE html><body></body>");
globalThis.window = window;
globalThis.document = window.document;
const { default: mermaid } = await import("mermaid");
mermaid.initialize({ startOnLoad: false, securityLevel: "strict" });

async function read(text) {
  const { diagramType: type, config } = await mermaid.parse(text);
  const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
  return {
    type,
    config,
    nodes: [...(db.getVertices?.().values() ?? [])].map((it) => [it.id, it.text, it.type]),
    edges: (db.getEdges?.() ?? []).map((it) => [it.start, it.end, it.text, it.stroke]),
    frames: (db.getSubGraphs?.() ?? []).map((it) => [it.id, it.title, it.nodes]),
    actors: [...(db.getActors?.().values() ?? [])].map((it) => [it.name, it.description]),
    messages: (db.getMessages?.() ?? []).map((it) => [it.from, it.to, it.message, it.type]),
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  const told = await read(JSON.parse(line)).catch((error) => ({ error: String(error) }));
  console.log(JSON.stringify(told));
}
