// Writes ecmascript.golden.txt: node ecmascript.golden.js ecmascript.golden.txt
// What ECMAScript writes: "d <bits as hex> <text>" numbers, "s <UTF-16 units as hex> <UTF-8 text as hex>" strings, "t <ms> <text>" instants.
let seed = 12345n; const next = () => { seed = (seed * 6364136223846793005n + 1442695040888963407n) & ((1n << 64n) - 1n); return seed >> 11n; };
const buf = new DataView(new ArrayBuffer(8));
const bits = d => { buf.setFloat64(0, d); return buf.getBigUint64(0).toString(16).padStart(16, '0'); };
const out = [];
const numbers = [0, -0, 1, -1, 0.1, 100, 1e20, 1e21, 1.5e21, 123456789012345680000, 1e-6, 1e-7, 1.5e-7, 0.000001234, 5e-324, 1.7976931348623157e308, 2.2250738585072014e-308, 4.35, 49.9, 1/3, 2/3, 1e22, 1e23, 9007199254740991, 9007199254740993, 0.30000000000000004, 5.684341886080801e-14, 2**-44, 2**-1074, 2**70, 123e-20, 999999999999999900000, 1e300, -1.5, -1e-9, 4.5e15, NaN, Infinity, -Infinity, 9.5, 1.0000000000000002, 8911407.904];
for (let e = -30; e <= 30; e++) numbers.push(Number('1e' + e), Number('1.25e' + e), Number('123456789e' + e), Number('9.999999999999999e' + e));
for (let i = 0; i < 600; i++) { buf.setBigUint64(0, (next() << 11n | next() & 2047n) & 0xffffffffffffffffn); numbers.push(buf.getFloat64(0)); }
for (let i = 0; i < 300; i++) numbers.push(Number(next() % 1000000000n) / 100, Number(next() % 100000000000000000n) / 1e5);
for (const d of numbers) out.push(`d ${bits(d)} ${JSON.stringify(d)}`);
const strings = ['', 'plain', '"\\/', '\b\t\n\f\r', '\u007f\u0080\u2028\u2029\ufeff\uffff', 'é😀', '\ud800', '\udc00', 'a\ud800b', '\ud83d\ud83d\ude00', '\udc00\ud800', '<>&\'+', 'x'.repeat(300) + '\n' + '\ud800'];
for (let i = 0; i < 0x20; i++) strings.push(String.fromCharCode(i) + 'x');
for (let i = 0; i < 60; i++) { let s = ''; for (let n = Number(next() % 120n); n > 0; n--) { const k = next() % 6n; s += k == 0n ? '"' : k == 1n ? String.fromCharCode(Number(next() % 65536n)) : k == 2n ? String.fromCodePoint(Number(next() % 0x110000n)) : String.fromCharCode(97 + Number(next() % 26n)); } strings.push(s); }
for (const s of strings) { let u = ''; for (let i = 0; i < s.length; i++) u += s.charCodeAt(i).toString(16).padStart(4, '0'); out.push(`s ${u || '-'} ${Buffer.from(JSON.stringify(s)).toString('hex')}`); }
for (const ms of [0, -1, 1, 951782400000, 1772366400000, 253402300799999, 253402300800000, -62135596800000, -62167219200000, -62167219200001, 8640000000000000, -8640000000000000, 1709164800123]) out.push(`t ${ms} ${new Date(ms).toISOString()}`);
for (let i = 0; i < 300; i++) { const ms = Number(next() % 16000000000000000n) - 8000000000000000; out.push(`t ${ms} ${new Date(ms).toISOString()}`); }
for (let i = 0; i < 300; i++) { const ms = Number(next() % 4000000000000n) - 1000000000000; out.push(`t ${ms} ${new Date(ms).toISOString()}`); }
require('fs').writeFileSync(process.argv[2], out.join('\n') + '\n');
