// node-smpp's codec alone: a line {"decode": HEX} or {"encode": {"command": ..., ...}}, a line back.
// Octets are {"hex": ...} both ways. Run with NODE_PATH set.
'use strict';
const readline = require('readline');
const { PDU } = require('smpp');

const out = (key, value) => {
  if (value && value.type === 'Buffer') return { hex: Buffer.from(value.data).toString('hex') };
  return value;
};
const into = (key, value) => (value && typeof value.hex === 'string'
  ? Buffer.from(value.hex, 'hex') : value);

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const asked = JSON.parse(line, into);
  let said;
  try {
    said = typeof asked.decode === 'string'
      ? new PDU(Buffer.from(asked.decode, 'hex'))
      : { hex: new PDU(asked.encode.command, asked.encode).toBuffer().toString('hex') };
  } catch (error) {
    said = { failed: String(error.stack) };
  }
  process.stdout.write(JSON.stringify(said, out) + '\n');
});
