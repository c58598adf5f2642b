// Expressions: from postfix operations to a tree, and its text form.
import { demand, refuse } from "./bytes.mjs";
import { ENDLESS, take, write as writeTerm } from "./term.mjs";
import { message, read } from "./wire.mjs";

const MALFORMED = "malformed_block";

const EXPRESSION = message("ops*:bytes");
const OP = message("value|:bytes", "unary|:bytes", "binary|:bytes", "closure|:bytes");
const OPERATION = message("kind:uint32", "ffiName?:uint64");
const CLOSURE = message("params*:uint32", "ops*:bytes");

const UNARY = ["!", "()", ".length", ".type", ".extern::"];
const BINARY = (
  "< > <= >= === .contains .starts_with .ends_with .matches + - * / and or .intersection .union & | ^ !== == != " +
  "&& || .all .any .get .extern:: .try_or"
).split(" ");
/** What came after version 3 of Datalog. */
const SINCE = { ".type": 6, ".extern::": 6, "&": 4, "|": 4, "^": 4, "!==": 4, "==": 6, "!=": 6 };
/** How many parameters the closure on each side has. */
const CLOSURES = {
  "&&": { right: 0 },
  "||": { right: 0 },
  ".all": { right: 1 },
  ".any": { right: 1 },
  ".try_or": { left: 0 },
};
const HEIGHT = 256;

export class ExpressionReader {
  constructor(block, terms) {
    this.block = block;
    this.terms = terms;
  }

  read(bytes) {
    return this.tree(read(EXPRESSION, bytes, MALFORMED).ops, 1);
  }

  /** The one value that the operations leave; level counts the closures around them. */
  tree(ops, level) {
    demand(level <= HEIGHT, "decode_limit");
    const stack = [];
    const pop = () => stack.pop() ?? refuse(MALFORMED);
    for (const bytes of ops) {
      const [[type, raw]] = Object.entries(read(OP, bytes, MALFORMED));
      const node = this[type](raw, pop, level);
      demand(node.height <= HEIGHT, "decode_limit");
      stack.push(node);
    }
    demand(stack.length === 1 && stack[0].type !== "closure", MALFORMED);
    return stack[0];
  }

  value(raw) {
    return { type: "value", term: this.terms.read(raw), height: 1 };
  }

  unary(raw, pop) {
    const { operator, name } = this.operation(raw, UNARY);
    const operand = value(pop());
    return { type: "unary", operator, name, operand, height: operand.height + 1 };
  }

  binary(raw, pop) {
    const { operator, name } = this.operation(raw, BINARY);
    const right = side(pop(), CLOSURES[operator]?.right);
    const left = side(pop(), CLOSURES[operator]?.left);
    return { type: "binary", operator, name, left, right, height: Math.max(left.height, right.height) + 1 };
  }

  closure(raw, pop, level) {
    this.block.since(6);
    const { params, ops } = read(CLOSURE, raw, MALFORMED);
    const body = this.tree(ops, level + 1);
    return {
      type: "closure",
      params: params.map((number) => this.block.symbol(number)),
      body,
      height: body.height + 1,
    };
  }

  operation(raw, operators) {
    const { kind, ffiName } = read(OPERATION, raw, MALFORMED);
    const operator = operators[kind] ?? refuse(MALFORMED);
    this.block.since(SINCE[operator] ?? 3);
    demand((operator === ".extern::") === (ffiName !== undefined), MALFORMED);
    return { operator, name: ffiName === undefined ? undefined : this.block.symbol(ffiName) };
  }
}

const value = (node) => side(node, undefined);

function side(node, params) {
  demand(params === undefined ? node.type !== "closure" : node.params?.length === params, MALFORMED);
  return node;
}

/** The text of an expression, as the vectors write it. */
export const print = (node) => write(node, ENDLESS);

/** The text of an expression, as far as there is room. */
export function write(node, room) {
  const part = (each) => write(each, room);
  switch (node.type) {
    case "value":
      return writeTerm(node.term, room);
    case "closure":
      return node.params.map((param) => take(`$${param} -> `, room)).join("") + part(node.body);
    case "unary":
      if (node.operator === "!") return `!${part(node.operand)}`;
      if (node.operator === "()") return `(${part(node.operand)})`;
      return `${part(node.operand)}${method(node, room)}()`;
    case "binary":
      if (node.operator.startsWith(".")) return `${part(node.left)}${method(node, room)}(${part(node.right)})`;
      return `${part(node.left)} ${node.operator} ${part(node.right)}`;
  }
}

const method = ({ operator, name = "" }, room) => operator + (room.left < 0 ? "" : take(name, room));
