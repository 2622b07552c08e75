// node-smpp as an SMSC: answers submit_sm, and with "reply" sends a deliver_sm back.
//   NODE_PATH=.npm-cache/node_modules node tests/bench/servers/node_smpp.js PORT [reply]
const smpp = require('smpp');
const [port, reply] = process.argv.slice(2);
let ids = 0;
const server = smpp.createServer((session) => {
  session.on('bind_transceiver', (pdu) => session.send(pdu.response({ system_id: 'node' })));
  session.on('enquire_link', (pdu) => session.send(pdu.response()));
  session.on('unbind', (pdu) => { session.send(pdu.response()); session.close(); });
  session.on('submit_sm', (pdu) => {
    ids += 1;
    session.send(pdu.response({ message_id: String(ids) }));
    if (reply) {
      session.deliver_sm({
        source_addr: pdu.destination_addr,
        destination_addr: pdu.source_addr,
        short_message: 'Selamat, nomor Anda berhasil diregistrasi. Terima kasih.',
      });
    }
  });
  session.on('error', () => session.close());
});
server.listen(Number(port), '127.0.0.1', () => console.log('ready'));
