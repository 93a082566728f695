// Parses Bicep with the tree-sitter grammar. Input (stdin): {"name": "text", ...}. Output: {"name": tree, ...}, a node being
// {type, text, line, error?, field?, children?} with its named children, and with ERROR and MISSING nodes wherever they are.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const Parser = createRequire(import.meta.url)('web-tree-sitter');
await Parser.init();
const parser = new Parser();
parser.setLanguage(await Parser.Language.load(fileURLToPath(new URL('node_modules/tree-sitter-bicep/tree-sitter-bicep.wasm', import.meta.url))));

function tree(cursor) {
  const node = cursor.currentNode;
  const out = { type: node.type, text: node.text, line: node.startPosition.row + 1 };
  if (cursor.currentFieldName) out.field = cursor.currentFieldName;
  if (node.isError || node.isMissing) out.error = node.isMissing ? 'MISSING' : 'ERROR';
  const children = [];
  if (cursor.gotoFirstChild()) {
    do {
      if (cursor.currentNode.isNamed || cursor.currentNode.isMissing) children.push(tree(cursor));
    } while (cursor.gotoNextSibling());
    cursor.gotoParent();
  }
  if (children.length > 0) out.children = children;
  return out;
}

const texts = JSON.parse(readFileSync(0, 'utf8'));
const trees = {};
for (const [name, text] of Object.entries(texts)) trees[name] = tree(parser.parse(text).walk());
process.stdout.write(JSON.stringify(trees));
