using System.Text.Json;

namespace Jarvis.Simulator.Api;

/// <summary>Writes the value of <c>data</c>; nothing written is null.</summary>
internal delegate void Handler(Call call, Utf8JsonWriter data);

/// <summary>Where a request is worked on: by the node that got it, or by the one in the path.</summary>
internal enum Place
{
    Here,
    Node,
}

/// <summary>One row of the endpoint table: everything that is checked before the handler runs.</summary>
internal sealed record Endpoint(string Method, string Path, string Privileges, string Parameters, Handler Handler)
{
    public Place Place { get; init; } = Place.Here;

    /// <summary>False where a token may not be used, as for passwords and tickets.</summary>
    public bool Tokens { get; init; } = true;

    /// <summary>About how many bytes the last answer had.</summary>
    public int TypicalSize { get; set; } = 1024;

    /// <summary>Takes a multipart body.</summary>
    public bool Upload { get; init; }

    /// <summary>May be upgraded to a websocket.</summary>
    public bool Socket { get; init; }

    public IReadOnlyList<Parameter> Declared { get; } =
        [.. Parameters.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Parameter.Parse)];

    public string[] Segments { get; } = Path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    public Parameter? Find(string name)
    {
        foreach (var parameter in Declared)
        {
            if (!parameter.Numbered)
            {
                if (parameter.Name == name)
                {
                    return parameter;
                }
            }
            else if (name.Length > parameter.Stem.Length && name.StartsWith(parameter.Stem, StringComparison.Ordinal)
                && name.AsSpan(parameter.Stem.Length).ContainsAnyExceptInRange('0', '9') == false)
            {
                return parameter;
            }
        }
        return null;
    }
}
