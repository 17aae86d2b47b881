namespace Jarvis.Simulator.Api;

/// <summary>The request line as sent: format, path segments decoded one by one, and the raw query.</summary>
internal sealed record Target(string Format, IReadOnlyList<string> Path, string Query)
{
    /// <summary>Null for anything that is not below /api2.</summary>
    public static Target? Parse(string raw)
    {
        var mark = raw.IndexOf('?', StringComparison.Ordinal);
        var path = mark < 0 ? raw : raw[..mark];
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return segments.Length > 0 && segments[0] == "api2"
            ? new Target(segments.Length > 1 ? segments[1] : "", [.. segments.Skip(2).Select(Uri.UnescapeDataString)],
                mark < 0 ? "" : raw[(mark + 1)..])
            : null;
    }

    public override string ToString() => "/" + string.Join('/', Path);
}
