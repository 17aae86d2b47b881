using System.Text.Json;
using Jarvis.Simulator.Hosting;

namespace Jarvis.Simulator.Api;

/// <summary>Hands out console ports and tickets; the websocket itself is served elsewhere.</summary>
internal static class ConsoleApi
{
    public static void Terminal(Call call, Utf8JsonWriter json)
    {
        RequireShells(call);
        Open(call, json, "vncshell", "");
    }

    public static void GuestTerminal(Call call, Utf8JsonWriter json)
    {
        var guest = call.Guest;
        if (guest.Kind == GuestKind.Qemu
            && !guest.Config.Values.Keys.Any(k => k.StartsWith("serial", StringComparison.Ordinal)))
        {
            throw PveException.Failed("unable to find a serial interface");
        }
        RequireShells(call);
        Open(call, json, "vncproxy", call.Path["vmid"]);
    }

    public static void Guest(Call call, Utf8JsonWriter json)
    {
        var guest = call.Guest;
        if (!guest.Running && guest.Kind == GuestKind.Qemu)
        {
            throw PveException.Failed($"VM {guest.VmId} is not running");
        }
        Open(call, json, "vncproxy", call.Path["vmid"]);
    }

    public static void Socket(Call call, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("port"u8, call.Text("port"));
        json.WriteEndObject();
    }

    private static void Open(Call call, Utf8JsonWriter json, string type, string id)
    {
        var path = ConsoleSocket.ConsolePath(call);
        var ticket = call.Context.Tickets.IssueConsole(call.User, path);
        var port = call.Context.Consoles.Open(path, call.User, ticket);
        var upid = call.Cluster.Launch(call.LiveNode, type, id, call.User, run =>
            run.After(TimeSpan.FromSeconds(10), run.Done));
        json.WriteStartObject();
        json.WriteNumber("port"u8, port);
        json.WriteString("ticket"u8, ticket);
        json.WriteString("upid"u8, upid);
        json.WriteString("user"u8, call.User);
        if (!call.Endpoint.Path.EndsWith("termproxy", StringComparison.Ordinal))
        {
            json.WriteString("cert"u8, call.Context.Certificates.Root.ExportCertificatePem());
            if (call.Flag("generate-password"))
            {
                json.WriteString("password"u8, Guid.NewGuid().ToString("N")[..8]);
            }
        }
        json.WriteEndObject();
    }

    private static void RequireShells(Call call)
    {
        if (!call.Context.Consoles.Shells)
        {
            throw PveException.Failed("shell access is switched off in this simulator (--terminal)");
        }
    }
}
