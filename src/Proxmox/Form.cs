using System.Globalization;
using System.Text;

namespace Jarvis.Proxmox;

/// <summary>Parameters of a call in Proxmox's spelling: booleans are 0 or 1, what is null is left out.</summary>
internal sealed class Form
{
    private readonly StringBuilder text = new();

    public bool IsEmpty => text.Length == 0;

    public Form Add(string name, string? value)
    {
        if (value is not null)
        {
            text.Append(IsEmpty ? "" : "&").Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
        }

        return this;
    }

    public Form Add(string name, bool? value) => Add(name, value is { } flag ? flag ? "1" : "0" : null);

    public Form Add(string name, long? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    public Form Add(string name, IEnumerable<string> values)
    {
        foreach (var value in values)
        {
            Add(name, value);
        }

        return this;
    }

    public override string ToString() => text.ToString();
}
