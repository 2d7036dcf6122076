// Comments of public names that stand elsewhere than at the name, for the API reference.
import { createRequire } from 'node:module';
import ts from 'typescript';
import { Comment, Converter, LiteralType, makeRecursiveVisitor, ReflectionKind } from 'typedoc';

const { transactions } = createRequire(import.meta.url)('@veritrain/chaincode/domain');

/** @param app typedoc, before it converts */
export function explainNames(app) {
  let vocabulary;
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) => {
    if (reflection.comment !== undefined || !reflection.kindOf(ReflectionKind.Property)) return;
    vocabulary ??= vocabularyOf(context);
    explain(reflection, transactions[reflection.name]?.summary ?? vocabulary.get(reflection.name));
  });
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    const reflections = Object.values(project.reflections);
    for (const each of reflections) explainError(project, each);
    for (const each of reflections) explainSentence(each);
    for (const each of reflections) shorten(project, each);
  });
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    for (const each of Object.values(project.reflections)) forgetSchema(each);
  });
}

function explain(reflection, text) {
  if (text) reflection.comment = new Comment([{ kind: 'text', text }]);
}

/** What the contract's schemas are for, by name: a field that is named like one, such as `coupleId`, is explained by it. */
function vocabularyOf({ checker, programs }) {
  const exported = programs
    .map((program) =>
      program.getSourceFiles().find(({ fileName }) => /chaincode\/src\/domain\/index\.ts$/.test(fileName)),
    )
    .flatMap((file) =>
      file === undefined ? [] : checker.getExportsOfModule(checker.getSymbolAtLocation(file)),
    );
  return new Map(
    exported.map((symbol) => {
      const schema = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      return [symbol.name, ts.displayPartsToString(schema.getDocumentationComment(checker))];
    }),
  );
}

/** An entry of a table of errors, { name, help, … }, is explained by its help. */
function explainError(project, entry) {
  const fields = entry.type?.declaration?.children ?? [];
  const [name, help] = ['name', 'help'].map(
    (each) => fields.find((field) => field.name === each)?.type?.value,
  );
  if (typeof help !== 'string' || typeof name !== 'string') return;
  project.removeTypeReflections(entry.type);
  entry.type = new LiteralType(name);
  explain(entry, help);
}

/** An entry of a table of sentences, such as a fault's effect, is explained by its sentence. */
function explainSentence(entry) {
  const { comment, type } = entry;
  if (comment !== undefined || type?.type !== 'literal' || typeof type.value !== 'string') return;
  if (type.value.includes(' ')) explain(entry, type.value);
}

/** A schema's type is told without its fields: they stand with the type that is inferred from it. */
function shorten(project, reflection) {
  reflection.extendedTypes = reflection.extendedTypes?.filter((type) => type.package !== 'zod');
  reflection.type?.visit(
    makeRecursiveVisitor({
      reference(type) {
        if (type.package !== 'zod' || !type.typeArguments?.some((each) => each.type === 'reflection')) return;
        for (const each of type.typeArguments) project.removeTypeReflections(each);
        type.typeArguments = undefined;
      },
    }),
  );
}

/** A field of what a schema infers is said to come from zod, and to be its schema by default. */
function forgetSchema(reflection) {
  if (reflection.inheritedFrom?.name.startsWith('z.infer')) reflection.inheritedFrom = undefined;
  const isField =
    reflection.kindOf(ReflectionKind.Property) && !reflection.parent?.kindOf(ReflectionKind.Class);
  if (isField) reflection.defaultValue = undefined;
}
