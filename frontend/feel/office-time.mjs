// The offices live in Asia/Shanghai (UTC+8, no summer time since 1991), whatever zone the server process runs in.
import { DateTime, FixedOffsetZone, SystemZone } from 'luxon';

const OFFSET_MINUTES = 480;

export function keepOfficeTime() {
  // A date-time written without an offset is the office's wall clock; feelin resolves it in the "system" zone.
  SystemZone.prototype.offset = () => OFFSET_MINUTES;
  SystemZone.prototype.formatOffset = (_instant, format) => FixedOffsetZone.instance(OFFSET_MINUTES).formatOffset(_instant, format);

  // date(x) of a date-time: feelin takes the UTC day, which is yesterday before eight in the morning here.
  const setZone = DateTime.prototype.setZone;
  DateTime.prototype.setZone = function(zone, options) {
    if (zone === 'utc' && !options && this.zone !== FixedOffsetZone.utcInstance) {
      return setZone.call(setZone.call(this, SystemZone.instance), 'utc', { keepLocalTime: true });
    }
    return setZone.call(this, zone, options);
  };
}
