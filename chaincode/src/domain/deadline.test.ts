import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkDatasetDeadlines, checkSettings, dueAt, hasPassed, startRowOf, viewDeadline } from './index.js';
import { deadlines, settings } from '../testing/fixtures.js';

const deadline = { sequence: 4, durationMs: 10_000, windowMs: 250 };

describe('deadlines', () => {
  it('attacks 28 and 41: one that starts on a stale clock runs from the second tick after it', () => {
    expect(startRowOf(deadline)).toBe(6);
    expect(hasPassed(deadline, { sequence: 5, time: 9_999_999 }, null)).toBe(false);
    const row = { sequence: 6, time: 1_000_000 };
    expect(hasPassed(deadline, row, row)).toBe(false);
    expect(dueAt(deadline, row)).toBe(1_010_000);
  });

  it('in time is clock ≤ deadline + window, passed is later', () => {
    const row = { sequence: 6, time: 0 };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 30_000 }), (time) => {
        expect(hasPassed(deadline, { sequence: 9, time }, row)).toBe(time > 10_250);
      }),
    );
    expect(viewDeadline(deadline, { sequence: 9, time: 10_251 }, row)).toEqual({
      ...deadline,
      dueAt: 10_000,
      passed: true,
    });
  });

  it('attack 29: refuses a window over half a period', () => {
    expect(() => {
      checkSettings({ ...settings, windowMs: 251 });
    }).toThrow('VT0405 WINDOW_TOO_WIDE');
    expect(() => {
      checkSettings({ ...settings, leastDeadlineMs: 9_999 });
    }).toThrow('VT0406 DEADLINE_TOO_SHORT');
    expect(() => {
      checkSettings(settings);
    }).not.toThrow();
  });

  it('attack 43: refuses deadlines that are longer than the organisations agreed to, every one of them', () => {
    for (const field of Object.keys(deadlines) as (keyof typeof deadlines)[]) {
      const spaced = { ...deadlines, [field]: settings.mostDeadlineMs + 1 };
      expect(() => {
        checkDatasetDeadlines(settings, spaced);
      }).toThrow(`VT0410 DEADLINE_TOO_LONG: ${field}`);
    }
    expect(() => {
      checkSettings({ ...settings, mostDeadlineMs: 5 * settings.leastDeadlineMs - 1 });
    }).toThrow('VT0411 NO_ROOM_FOR_A_ROUND');
  });

  it('refuses deadlines that are short or follow one another too closely', () => {
    for (const field of ['verifyMs', 'noticeMs', 'answerMs', 'startMs', 'commitMs'] as const) {
      expect(() => {
        checkDatasetDeadlines(settings, { ...deadlines, [field]: 9_999 });
      }).toThrow(field);
    }
    for (const field of ['uploadMs', 'closeMs', 'revealMs', 'attestMs'] as const) {
      expect(() => {
        checkDatasetDeadlines(settings, { ...deadlines, [field]: deadlines[field] - 1 });
      }).toThrow(field);
    }
  });
});
