import { falseChannel } from './false-asterisk.ts';

/** What Asterisk says in the life of one caller's channel, with all that 22 puts into it. */
export function framesOfCaller(id: string): object[] {
  const about = {
    application: 'hotline',
    timestamp: '2026-05-01T12:00:00.000+0800',
    asterisk_id: '0a:0b:0c',
  };
  const whole = {
    accountcode: '',
    creationtime: about.timestamp,
    language: 'zh-CN',
    caller_rdnis: '',
    channelvars: { HOTLINE_CALL: '' },
  };
  const channel = (state: string) => falseChannel(id, { ...whole, state });
  const playback = {
    id: `${id}-p1`,
    media_uri: 'sound:x',
    target_uri: `channel:${id}`,
    language: 'zh-CN',
    state: 'done',
  };
  const up = channel('Up');
  return [
    {
      type: 'StasisStart',
      ...about,
      args: ['arrived', 'trunk', '95598', 'trunk', `${id}@sip`],
      channel: channel('Ring'),
    },
    { type: 'ChannelStateChange', ...about, channel: up },
    { type: 'ChannelDtmfReceived', ...about, digit: '0', duration_ms: 100, channel: up },
    { type: 'ChannelHold', ...about, musicclass: 'default', channel: up },
    { type: 'ChannelUnhold', ...about, channel: up },
    { type: 'PlaybackFinished', ...about, playback },
    {
      type: 'ChannelTransfer',
      ...about,
      refer_to: { requested_destination: { destination: '1002' }, destination_channel: up },
      referred_by: { source_channel: up, connected_channel: up },
    },
    { type: 'ChannelHangupRequest', ...about, cause: 16, soft: false, channel: up },
    { type: 'StasisEnd', ...about, channel: up },
    { type: 'ChannelDestroyed', ...about, cause: 16, cause_txt: 'Normal Clearing', channel: up },
  ];
}
