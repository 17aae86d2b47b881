namespace Jarvis.Proxmox;

/// <summary>One finished request. <paramref name="Path"/> is the template, as <c>/nodes/{node}/status</c>;
/// <paramref name="Status"/> is 0 when no answer came; <paramref name="Bytes"/> are counted after decompression.</summary>
public readonly record struct FinishedCall(
    string Method, string Path, Uri Endpoint, int Status, TimeSpan Duration, long Bytes, ProxmoxFailure? Failure);

/// <summary>What the client asked of Proxmox within the last minute.</summary>
public sealed record CallStatistics
{
    public required int Calls { get; init; }

    public required int Failures { get; init; }

    public required long Bytes { get; init; }

    public required TimeSpan AnswerTime { get; init; }

    /// <summary>By method and path template, busiest first.</summary>
    public required IReadOnlyList<PathStatistics> Paths { get; init; }

    /// <summary>Every configured endpoint, in order.</summary>
    public required IReadOnlyList<EndpointStatistics> Endpoints { get; init; }
}

public sealed record PathStatistics(
    string Method, string Path, int Calls, int Failures, long Bytes, TimeSpan MeanAnswerTime, TimeSpan MaxAnswerTime);

/// <summary>An endpoint's calls; <paramref name="CoolsUntil"/> is set while it is left alone after a failure.</summary>
public sealed record EndpointStatistics(
    Uri Endpoint, bool InUse, DateTimeOffset? CoolsUntil, int Calls, int Failures, long Bytes, TimeSpan MeanAnswerTime);
