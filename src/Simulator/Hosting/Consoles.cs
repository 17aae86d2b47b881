using System.Collections.Concurrent;

namespace Jarvis.Simulator.Hosting;

/// <summary>Console ports handed out by termproxy and vncproxy until a websocket takes them.</summary>
internal sealed class Consoles(bool shells)
{
    private const int FirstPort = 5900;
    private const int Ports = 100;
    private readonly ConcurrentDictionary<int, Seat> seats = new();
    private int next = -1;

    /// <summary>Whether a local shell may be opened.</summary>
    public bool Shells => shells;

    public int Open(string path, string user, string ticket)
    {
        var port = FirstPort + ((Interlocked.Increment(ref next) & int.MaxValue) % Ports);
        seats[port] = new Seat(path, user, ticket);
        return port;
    }

    /// <summary>Takes the seat if the ticket is the one that was given out for it.</summary>
    public Seat? Take(int port, string path, string ticket) =>
        seats.TryGetValue(port, out var seat) && seat.Path == path && seat.Ticket == ticket
            && seats.TryRemove(new(port, seat))
            ? seat
            : null;

    internal sealed record Seat(string Path, string User, string Ticket);
}
