// A lint rule: what ends a suite, or a test, takes nothing for granted that its beginning was to set. Where the beginning
// fails, an end that fails over it hides why, and leaves the rest running.

const ends = new Set(['afterAll', 'afterEach']);

/** Declared without a value, to be set later. */
const isSetLater = (variable) =>
  variable?.defs.some(({ type, node, parent }) => type === 'Variable' && parent.kind === 'let' && !node.init);

/** A folder of the test's own, made before anything that may fail. */
const isFolderMadeFirst = (variable) =>
  variable.references.some(({ identifier: { parent }, writeExpr }) => {
    if (!writeExpr || !/^(?:mkdtemp|newFolder)/.test(calleeOf(writeExpr))) return false;
    const statement = parent.parent;
    return statement.type !== 'ExpressionStatement' || statement.parent.body[0] === statement;
  });

const calleeOf = (expression) =>
  expression.type === 'AwaitExpression' ? calleeOf(expression.argument) : (expression.callee?.name ?? '');

/** `x?.close()`, `x?.()`, `x !== undefined`, `if (x) …`: whatever looks first. */
function looksFirst(identifier, hook) {
  const { parent } = identifier;
  if (['BinaryExpression', 'UnaryExpression', 'AwaitExpression'].includes(parent.type)) return true;
  if (parent.type === 'MemberExpression' && parent.object === identifier) return parent.optional;
  if (parent.type === 'CallExpression' && parent.callee === identifier) return parent.optional;
  return isInsideTest(identifier, hook);
}

/** Of an `if` or a `&&` that asks for the same variable. */
function isInsideTest(identifier, hook) {
  for (let node = identifier; node !== hook; node = node.parent) {
    const test = node.parent.type === 'IfStatement' ? node.parent.test : node.parent.left;
    const asks = ['IfStatement', 'LogicalExpression'].includes(node.parent.type);
    if (asks && (test === node || mentions(test, identifier.name))) return true;
  }
  return false;
}

const mentions = (test, name) =>
  test.type === 'Identifier'
    ? test.name === name
    : [test.left, test.right, test.argument].some((part) => part !== undefined && mentions(part, name));

export const cleanupLooksFirst = {
  meta: {
    type: 'problem',
    fixable: 'code',
    schema: [],
    messages: {
      assumes: '{{name}} may not be set: its beforeAll or beforeEach may have failed. Write {{name}}?.',
    },
  },
  create: (context) => ({
    CallExpression({ callee, arguments: [hook] }) {
      if (!ends.has(callee.name) || !hook || !('body' in hook)) return;
      for (const { identifier, resolved } of context.sourceCode.getScope(hook.body).through)
        check(identifier, resolved);

      function check(identifier, variable) {
        if (!isSetLater(variable) || isFolderMadeFirst(variable) || looksFirst(identifier, hook)) return;
        const { parent } = identifier;
        context.report({
          node: identifier,
          messageId: 'assumes',
          data: { name: identifier.name },
          fix: (fixer) => {
            if (parent.type !== 'MemberExpression' || parent.object !== identifier) return null;
            return fixer.insertTextAfter(identifier, parent.computed ? '?.' : '?');
          },
        });
      }
    },
  }),
};
