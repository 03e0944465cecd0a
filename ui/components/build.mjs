// Bundles each component, bundle.js and bundle.css beside its sources, so that the app needs no Node.
// With --compare nothing is written: it fails where a committed bundle is not what its sources make.

import { readdirSync, readFileSync, existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const NOTICE = "Made by `npm run build` from the other files of this folder and from shared/; edit those.";

// The names of the components: the folders that have a script of their name.
const components = readdirSync(HERE).filter((name) => existsSync(join(HERE, name, `${name}.js`)));

// {path: text} of one component's bundles.
async function bundles(name) {
  const made = {};
  for (const kind of ["js", "css"]) {
    const { outputFiles } = await build({
      entryPoints: [join(HERE, name, `${name}.${kind}`)], bundle: true, write: false, format: "esm", target: "esnext", minify: true, charset: "utf8", logLevel: "warning",
    });
    made[join(HERE, name, `bundle.${kind}`)] = `/* ${NOTICE} */\n${outputFiles[0].text}`;
  }
  return made;
}

const made = Object.assign({}, ...(await Promise.all(components.map(bundles))));
const stale = Object.entries(made).filter(([path, text]) => !existsSync(path) || readFileSync(path, "utf8") !== text);

if (!process.argv.includes("--compare")) {
  await Promise.all(stale.map(([path, text]) => writeFile(path, text)));
  console.log(`${components.length} components bundled, ${stale.length} files changed.`);
} else if (stale.length) {
  console.error(`Not what the sources make: ${stale.map(([path]) => relative(process.cwd(), path)).join(", ")}. Run "make js" and commit what it writes.`);
  process.exitCode = 1;
} else {
  console.log(`The bundles of ${components.length} components are what their sources make.`);
}
