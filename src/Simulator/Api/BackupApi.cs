using System.Globalization;
using System.Text.Json;
using Jarvis.Simulator.Access;

namespace Jarvis.Simulator.Api;

/// <summary>vzdump on a node.</summary>
internal static class BackupApi
{
    private static readonly string[] RootOnly = ["tmpdir", "dumpdir", "script", "job-id"];

    public static void Start(Call call, Utf8JsonWriter json)
    {
        if (!call.Rights.Principal.IsRoot && Array.Find(RootOnly, call.Arguments.ContainsKey) is { } option)
        {
            throw PveException.Parameter(option, "Only root may set this option.");
        }
        var storage = call.Optional("storage") ?? "local";
        var vmids = Guests(call);
        foreach (var vmid in vmids)
        {
            if (!call.Rights.OnGuest(vmid, Privileges.Of("VM.Backup")))
            {
                throw Rights.Denied(string.Create(CultureInfo.InvariantCulture, $"/vms/{vmid}"), "VM.Backup");
            }
        }
        call.Rights.Require("/storage/" + storage, "Datastore.AllocateSpace");
        json.WriteStringValue(call.Cluster.Backup(call.Node, vmids, new BackupOptions
        {
            Storage = storage,
            Mode = call.Optional("mode") ?? "snapshot",
            Compress = call.Optional("compress") ?? "zstd",
            Notes = call.Optional("notes-template"),
            Protected = call.Flag("protected"),
            Prune = call.Optional("prune-backups"),
            JobId = call.Optional("job-id"),
        }, call.User));
    }

    private static int[] Guests(Call call)
    {
        var excluded = call.Items("exclude");
        if (call.Optional("pool") is { } pool)
        {
            return [.. call.Cluster.Guests.Values.Where(g => g.Pool == call.Cluster.Pool(pool).Id).Select(g => g.VmId)];
        }
        if (call.Flag("all"))
        {
            return [.. call.Cluster.GuestsOn(call.Node).Where(g => !g.Template
                && !excluded.Contains(g.VmId.ToString(CultureInfo.InvariantCulture))).Select(g => g.VmId)];
        }
        var listed = call.Items("vmid");
        return listed.Length == 0
            ? throw PveException.Parameter("vmid", "property is missing and it is not optional")
            : [.. listed.Select(v => int.TryParse(v, NumberStyles.None, CultureInfo.InvariantCulture, out var vmid)
                && vmid >= 100
                ? vmid : throw PveException.Parameter("vmid",
                    "invalid format - value does not look like a valid VM ID"))];
    }
}
