namespace Jarvis.Proxmox;

/// <summary>A setting with parts, as <c>virtio=BC:24:11:AA:BB:CC,bridge=vmbr0</c>; a part without a key has the
/// default one.</summary>
public sealed class PropertyString
{
    private readonly Dictionary<string, string> parts = [];

    private PropertyString()
    {
    }

    public IReadOnlyDictionary<string, string> Parts => parts;

    public string? this[string key] => parts.GetValueOrDefault(key);

    public static PropertyString Parse(string text, string defaultKey)
    {
        var parsed = new PropertyString();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            parsed.parts[equals < 0 ? defaultKey : part[..equals]] = part[(equals + 1)..];
        }

        return parsed;
    }
}
