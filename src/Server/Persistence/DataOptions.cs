using System.ComponentModel.DataAnnotations;

namespace Jarvis.Server.Persistence;

/// <summary>What the server keeps.</summary>
public sealed class DataOptions
{
    /// <summary>Folder for databases, keys and secrets; made for the owner alone if it is not there. A relative path begins where the server is started.</summary>
    [Required(AllowEmptyStrings = false, ErrorMessage = "it takes a folder that the server may write to; leave the key out for ./data.")]
    public string Folder { get; set; } = "data";
}
