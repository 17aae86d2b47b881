using System.Text.Json;

namespace Jarvis.Simulator.Hosting;

/// <summary>What the program prints when it can be used.</summary>
internal static class ReadyLine
{
    public static void Write(Utf8JsonWriter json, SimulatorHost host)
    {
        json.WriteStartObject();
        json.WriteBoolean("ready"u8, true);
        json.WriteStartArray("endpoints"u8);
        foreach (var endpoint in host.Endpoints)
        {
            json.WriteStringValue(endpoint.AbsoluteUri.TrimEnd('/'));
        }
        json.WriteEndArray();
        json.WriteStartObject("fingerprints"u8);
        foreach (var (node, fingerprint) in host.Fingerprints)
        {
            json.WriteString(node, fingerprint);
        }
        json.WriteEndObject();
        json.WriteString("caFile"u8, host.CaFile);
        if (host.Admin is { } admin)
        {
            json.WriteString("admin"u8, admin.AbsoluteUri.TrimEnd('/'));
        }
        if (host.Token is { } token)
        {
            json.WriteString("token"u8, token);
        }
        json.WriteEndObject();
    }
}
