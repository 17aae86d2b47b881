using System.Text.Json;

namespace Jarvis.Simulator.Api;

/// <summary>The system services of a node.</summary>
internal static class ServicesApi
{
    public static void List(Call call, Utf8JsonWriter json) =>
        json.Objects(call.LiveNode.Services, service => Write(service, json));

    public static void State(Call call, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        Write(call.Cluster.Service(call.Node, call.Path["service"]), json);
        json.WriteEndObject();
    }

    public static void Act(Call call, Utf8JsonWriter json) =>
        json.WriteStringValue(call.Cluster.CommandService(call.Node, call.Path["service"], call.Endpoint.Segments[^1],
            call.User));

    private static void Write(VirtualService service, Utf8JsonWriter json)
    {
        json.WriteString("service"u8, service.Name);
        json.WriteString("name"u8, service.Name);
        json.WriteString("desc"u8, service.Description);
        json.WriteString("state"u8, service.State);
        json.WriteString("active-state"u8, service.ActiveState);
        json.WriteString("unit-state"u8, service.UnitState);
    }
}
