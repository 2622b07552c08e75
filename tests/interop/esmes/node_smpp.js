// node-smpp (npm `smpp`): its own encodings, UDH and TLVs. Run with NODE_PATH set.
'use strict';
const readline = require('readline');
const smpp = require('smpp');

let session = null;
let reference = 0;

const tell = (said) => process.stdout.write(JSON.stringify(said) + '\n');

const from = (address) => ({
  source_addr_ton: address[0], source_addr_npi: address[1], source_addr: address[2],
});
const to = (address) => ({
  dest_addr_ton: address[0], dest_addr_npi: address[1], destination_addr: address[2],
});

// What node-smpp leaves to its user: cutting a text.
function segments(text) {
  const gsm = smpp.encodings.detect(text) === 'ASCII';
  const [whole, part] = gsm ? [160, 153] : [70, 67];
  const size = (character) => gsm
    ? smpp.encodings.ASCII.encode(character).length : character.length;
  const characters = [...text];
  if (characters.reduce((sum, one) => sum + size(one), 0) <= whole) return [text];
  const cut = [''];
  let room = part;
  for (const one of characters) {
    if (size(one) > room) { cut.push(''); room = part; }
    cut[cut.length - 1] += one;
    room -= size(one);
  }
  return cut;
}

function pieces(order) {
  if (order.parts === 'payload') return [{ short_message: '', message_payload: order.text }];
  const cut = segments(order.text);
  if (cut.length === 1) return [{ short_message: order.text }];
  reference += 1;
  return cut.map((message, index) => order.parts === 'sar'
    ? {
      short_message: message, sar_msg_ref_num: reference,
      sar_total_segments: cut.length, sar_segment_seqnum: index + 1,
    }
    : {
      short_message: {
        udh: Buffer.from([5, 0, 3, reference, cut.length, index + 1]), message,
      },
    });
}

const coding = (text) => smpp.encodings.detect(text) === 'ASCII' ? 0 : smpp.ENCODING.UCS2;

const response = (pdu) => ({
  command: pdu.command, command_status: pdu.command_status, message_id: pdu.message_id,
});

function heard(pdu) {
  const body = pdu.short_message && pdu.short_message.message && pdu.short_message.message.length
    ? pdu.short_message : (pdu.message_payload || pdu.short_message || { message: '' });
  const tlvs = {};
  for (const name of ['receipted_message_id', 'message_state', 'sar_msg_ref_num',
    'sar_total_segments', 'sar_segment_seqnum', 'network_error_code']) {
    if (name in pdu) {
      tlvs[name] = Buffer.isBuffer(pdu[name]) ? pdu[name].toString('hex') : pdu[name];
    }
  }
  tell({ delivered: {
    command: pdu.command, source: pdu.source_addr, destination: pdu.destination_addr,
    esm_class: pdu.esm_class, data_coding: pdu.data_coding,
    text: String(body.message), tlvs,
    udh: (body.udh || []).map((one) => one.toString('hex')),
  } });
}

const actions = {
  bind(order) {
    session = smpp.connect({ host: '127.0.0.1', port: order.port, tls: order.tls });
    session.on('error', (error) => { tell({ failed: String(error) }); });
    for (const command of ['deliver_sm', 'data_sm']) {
      session.on(command, (pdu) => { session.send(pdu.response()); heard(pdu); });
    }
    session.on('alert_notification', (pdu) => tell({ delivered: {
      command: pdu.command, source: pdu.source_addr, destination: pdu.esme_addr,
      esm_class: 0, data_coding: 0, text: '', tlvs: {},
    } }));
    session.on('enquire_link', (pdu) => session.send(pdu.response()));
    session.on(order.tls ? 'secureConnect' : 'connect', () => {
      session[`bind_${order.mode}`](
        {
          system_id: order.system_id, password: order.password,
          ...('interface_version' in order ? { interface_version: order.interface_version } : {}),
        },
        (pdu) => tell({
          answer: 'bind', command_status: pdu.command_status, system_id: pdu.system_id,
          sc_interface_version: pdu.sc_interface_version,
        }));
    });
  },
  submit(order) {
    const all = pieces(order);
    const responses = [];
    all.forEach((piece, index) => session.submit_sm({
      ...from(order.source), ...to(order.destination), ...piece,
      data_coding: coding(order.text), registered_delivery: order.registered_delivery,
      schedule_delivery_time: order.schedule,
    }, (pdu) => {
      responses[index] = response(pdu);
      if (responses.filter(Boolean).length === all.length) tell({ answer: 'submit', responses });
    }));
  },
  data_sm(order) {
    session.data_sm({
      ...from(order.source), ...to(order.destination), message_payload: order.text,
      data_coding: coding(order.text), registered_delivery: order.registered_delivery,
      ...(order.set_dpf ? { set_dpf: 1 } : {}),
    }, (pdu) => tell({ answer: 'data_sm', responses: [response(pdu)] }));
  },
  submit_multi(order) {
    session.submit_multi({
      ...from(order.source),
      dest_address: order.destinations.map((one) => typeof one === 'string'
        ? { dl_name: one } : to(one)),
      short_message: order.text, data_coding: coding(order.text),
    }, (pdu) => tell({
      answer: 'submit_multi', responses: [response(pdu)],
      unsuccess: (pdu.unsuccess_sme || []).map(
        (one) => [one.destination_addr, one.error_status_code]),
    }));
  },
  query_sm(order) {
    session.query_sm({ message_id: order.message_id, ...from(order.source) }, (pdu) => tell({
      answer: 'query_sm', command_status: pdu.command_status, message_id: pdu.message_id,
      message_state: pdu.message_state, error_code: pdu.error_code,
      final_date: String(pdu.final_date || ''),
    }));
  },
  cancel_sm(order) {
    session.cancel_sm({
      message_id: order.message_id, ...from(order.source), ...to(order.destination),
    }, (pdu) => tell({ answer: 'cancel_sm', command_status: pdu.command_status }));
  },
  replace_sm(order) {
    session.replace_sm({
      message_id: order.message_id, ...from(order.source), short_message: order.text,
      registered_delivery: 1,
    }, (pdu) => tell({ answer: 'replace_sm', command_status: pdu.command_status }));
  },
  enquire_link() {
    session.enquire_link((pdu) => tell({
      answer: 'enquire_link', command_status: pdu.command_status,
    }));
  },
  unbind() {
    session.unbind((pdu) => {
      session.close();
      tell({ answer: 'unbind', command_status: pdu.command_status });
    });
  },
};

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const order = JSON.parse(line);
  actions[order.do](order);
}).on('close', () => process.exit(0));
