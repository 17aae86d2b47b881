namespace Jarvis.Simulator;

/// <summary>What a real Proxmox VE would answer instead of data: status code, reason phrase and, on 400, errors by parameter.</summary>
internal sealed class PveException(int status, string reason, IReadOnlyDictionary<string, string>? errors = null)
    : Exception(reason)
{
    public int Status => status;
    public string Reason => Message;
    public IReadOnlyDictionary<string, string>? Errors => errors;

    public static PveException Failed(string reason) => new(500, reason);

    public static PveException Parameter(string name, string error) =>
        new(400, "Parameter verification failed.", new Dictionary<string, string> { [name] = error + "\n" });
}
