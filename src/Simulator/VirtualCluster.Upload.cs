namespace Jarvis.Simulator;

internal sealed partial class VirtualCluster
{
    /// <summary>An uploaded image or template; only its name and size are kept.</summary>
    public string StoreUpload(string nodeName, string storageId, string content, string fileName, long size, string user)
    {
        RequireQuorum(nodeName);
        var storage = StorageOn(nodeName, storageId);
        if (!storage.Holds(content))
        {
            throw PveException.Failed($"storage '{storageId}' does not support '{content}' content");
        }
        return Launch(LiveNode(nodeName), "imgcopy", "", user, run => run.After(TimeSpan.FromSeconds(1), () =>
        {
            var volid = $"{storageId}:{content}/{fileName}";
            if (storage.Find(volid, nodeName) is { } old)
            {
                storage.Remove(old);
            }
            storage.Add(new StorageVolume
            {
                VolId = volid,
                Content = content,
                Format = content == "iso" ? "iso" : content == "vztmpl" ? "tgz" : "raw",
                Size = size,
                Used = size,
                Created = Now,
                Node = storage.Shared ? null : nodeName,
            });
            run.Log($"finished file import to {volid}");
            run.Done();
        }));
    }
}
