using System.Collections.Concurrent;
using System.Security.Cryptography;
using Jarvis.Safety;

namespace Jarvis.Server.Mcp;

/// <summary>The calls that were told to wait for a person. What a client is given to repeat one is a random handle into this
/// table: there is nothing in it to read or to forge, it is good for one repetition by the same client with the same bytes,
/// and a restart makes all of them void.</summary>
internal sealed class WaitingCalls(TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(30);
    private readonly ConcurrentDictionary<string, Entry> _byHandle = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Entry> _byCall = new(StringComparer.Ordinal);

    private sealed record Entry(string Approval, string Call, long At);

    /// <summary>The handle by which this call can be repeated once.</summary>
    public string Hand(string approval, Caller.McpClient client, string tool, ReadOnlyMemory<byte> arguments)
    {
        Prune(_byHandle);
        var handle = RandomNumberGenerator.GetHexString(32, lowercase: true);
        _byHandle[handle] = new(approval, Digest(client, tool, arguments), time.GetTimestamp());
        return handle;
    }

    /// <summary>The approval that the handle stands for; null when it was used, is another client's, or came with another call.</summary>
    public string? Take(string handle, Caller.McpClient client, string tool, ReadOnlyMemory<byte> arguments) =>
        _byHandle.TryRemove(handle, out var entry) && IsFresh(entry) && entry.Call == Digest(client, tool, arguments) ? entry.Approval : null;

    /// <summary>For clients that cannot carry a handle, or have lost it: the same call again means the one that waits, until its end was told.</summary>
    public void Remember(string approval, Caller.McpClient client, string tool, ReadOnlyMemory<byte> arguments)
    {
        Prune(_byCall);
        var call = Digest(client, tool, arguments);
        _byCall[call] = new(approval, call, time.GetTimestamp());
    }

    public string? Recall(Caller.McpClient client, string tool, ReadOnlyMemory<byte> arguments) =>
        _byCall.TryGetValue(Digest(client, tool, arguments), out var entry) && IsFresh(entry) ? entry.Approval : null;

    /// <summary>Its end was told: the same call is another one from now on.</summary>
    public void Forget(string approval, Caller.McpClient client, string tool, ReadOnlyMemory<byte> arguments)
    {
        if (_byCall.TryGetValue(Digest(client, tool, arguments), out var entry) && entry.Approval == approval) _byCall.TryRemove(KeyValuePair.Create(entry.Call, entry));
    }

    private bool IsFresh(Entry entry) => time.GetElapsedTime(entry.At) < Kept;

    private void Prune(ConcurrentDictionary<string, Entry> entries)
    {
        foreach (var (key, entry) in entries)
        {
            if (!IsFresh(entry)) entries.TryRemove(key, out _);
        }
    }

    private static string Digest(Caller.McpClient client, string tool, ReadOnlyMemory<byte> arguments) =>
        $"{client.Actor}\n{tool}\n{Convert.ToHexString(SHA256.HashData(arguments.Span))}";
}
