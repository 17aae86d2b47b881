using System.ComponentModel.DataAnnotations;

namespace Jarvis.Server.Agent.Providers;

/// <summary>Claude, by Anthropic's Messages API. Without a key it is passed over.</summary>
public sealed class ClaudeOptions : IValidatableObject
{
    internal const string Section = "Agent:Claude";

    /// <summary>File that holds the API key alone, on one line; read anew for each call.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>Environment variable that holds the API key when no <c>KeyFile</c> is given; empty for none.</summary>
    public string KeyVariable { get; set; } = "ANTHROPIC_API_KEY";

    /// <summary>Where the API is; https, but on this machine.</summary>
    [Required(ErrorMessage = "{0} must be an https address, as https://api.anthropic.com.")]
    public Uri BaseUrl { get; set; } = new("https://api.anthropic.com");

    /// <summary>The model to ask.</summary>
    [Required(ErrorMessage = "{0} must be the id of a model, as claude-sonnet-4-5.")]
    public string Model { get; set; } = "claude-sonnet-4-5";

    /// <summary>Tokens that the model can read at once.</summary>
    [Range(8_000, 2_000_000)]
    public int ContextTokens { get; set; } = 200_000;

    /// <summary>Tokens that it may answer with, thinking included; what they would cost is reserved before each call.</summary>
    [Range(256, 128_000)]
    public int MaxOutputTokens { get; set; } = 8_192;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!BaseUrl.IsAbsoluteUri || !KeySource.Carries(BaseUrl) || BaseUrl.UserInfo.Length > 0)
            yield return new("it must be an https address (http to this machine alone) without a user name, as https://api.anthropic.com.", [nameof(BaseUrl)]);
        if (KeySource.Mistake(KeyFile) is { } wrong) yield return new(wrong, [nameof(KeyFile)]);
    }
}
