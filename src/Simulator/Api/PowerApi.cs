using System.Text.Json;

namespace Jarvis.Simulator.Api;

/// <summary>Starting, stopping and the like; every one answers with the name of its task.</summary>
internal static class PowerApi
{
    public static void Start(Call call, Utf8JsonWriter json) =>
        json.WriteStringValue(call.Cluster.Start(call.Guest, call.User, SkipLock(call)));

    public static void Stop(Call call, Utf8JsonWriter json) =>
        json.WriteStringValue(call.Cluster.Stop(call.Guest, call.User, SkipLock(call), call.Flag("overrule-shutdown")));

    public static void Shutdown(Call call, Utf8JsonWriter json) => json.WriteStringValue(call.Cluster.Shutdown(
        call.Guest, call.User, call.Number("timeout"), call.Flag("forceStop"), SkipLock(call)));

    public static void Reboot(Call call, Utf8JsonWriter json) =>
        json.WriteStringValue(call.Cluster.Reboot(call.Guest, call.User, call.Number("timeout")));

    public static void Reset(Call call, Utf8JsonWriter json) =>
        json.WriteStringValue(call.Cluster.Reset(call.Guest, call.User, SkipLock(call)));

    public static void Suspend(Call call, Utf8JsonWriter json)
    {
        var toDisk = call.Flag("todisk");
        if (toDisk)
        {
            call.Rights.Require($"/vms/{call.Path["vmid"]}", "VM.Config.Disk");
        }
        json.WriteStringValue(call.Cluster.Suspend(call.Guest, call.User, toDisk, SkipLock(call)));
    }

    public static void Resume(Call call, Utf8JsonWriter json) =>
        json.WriteStringValue(call.Cluster.Resume(call.Guest, call.User, SkipLock(call)));

    /// <summary>Only root itself may ignore a lock.</summary>
    public static bool SkipLock(Call call) => call.Flag("skiplock")
        && (call.Rights.Principal.IsRoot ? true
            : throw PveException.Parameter("skiplock", "Only root may use this option."));
}
