namespace Jarvis.Server.Hosting;

/// <summary>The web app that the server serves.</summary>
public sealed class WebOptions
{
    /// <summary>Folder of the built web app; when not set, <c>ASPNETCORE_WEBROOT</c> or <c>wwwroot</c> beside the program.</summary>
    public string? Root { get; set; }
}
