using Jarvis.Server.Persistence;

namespace Jarvis.Server.Events;

internal static class EventSchema
{
    public static Schema Schema { get; } = new("events", """
        CREATE TABLE events (
            id INTEGER PRIMARY KEY, at INTEGER NOT NULL, type TEXT NOT NULL, severity INTEGER NOT NULL,
            source INTEGER NOT NULL, actor TEXT, cluster TEXT, node TEXT, target TEXT, correlation TEXT,
            digest BLOB NOT NULL, hash BLOB NOT NULL);
        CREATE INDEX events_at ON events (at);
        CREATE INDEX events_type ON events (type);
        CREATE INDEX events_target ON events (target) WHERE target IS NOT NULL;
        CREATE INDEX events_correlation ON events (correlation) WHERE correlation IS NOT NULL;
        CREATE INDEX events_severe ON events (severity) WHERE severity > 0;
        CREATE TABLE event_texts (id INTEGER PRIMARY KEY, salt BLOB NOT NULL, summary TEXT NOT NULL, data TEXT);
        CREATE TABLE checkpoints (
            through INTEGER PRIMARY KEY, hash BLOB NOT NULL, at INTEGER NOT NULL, signature BLOB NOT NULL);
        CREATE TABLE head (
            one INTEGER PRIMARY KEY CHECK (one = 1), id INTEGER NOT NULL, hash BLOB NOT NULL, signature BLOB NOT NULL,
            at INTEGER NOT NULL, in_order INTEGER NOT NULL, day INTEGER NOT NULL, bytes INTEGER NOT NULL);
        CREATE TRIGGER events_keep BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
        CREATE TRIGGER events_stay BEFORE DELETE ON events
            WHEN OLD.id > (SELECT coalesce(max(through), 0) FROM checkpoints)
            BEGIN SELECT RAISE(ABORT, 'events go by retention only'); END;
        CREATE TRIGGER texts_keep BEFORE UPDATE ON event_texts BEGIN SELECT RAISE(ABORT, 'texts are append-only'); END;
        CREATE TRIGGER checkpoints_keep BEFORE UPDATE ON checkpoints BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only'); END;
        CREATE TRIGGER checkpoints_stay BEFORE DELETE ON checkpoints BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only'); END;
        """);
}
