using System.ComponentModel.DataAnnotations;

namespace Jarvis.Server.Agent.Providers;

/// <summary>Models served by OpenAI's chat API: llama.cpp, Ollama, vLLM and others (<c>Agent:OpenAiCompatible:0:…</c>); asked in this
/// order, after Claude.</summary>
public sealed class OpenAiCompatibleOptions : IValidatableObject
{
    internal const string Section = "Agent:OpenAiCompatible:*";

    /// <summary>What people call it, unique here.</summary>
    [Required, RegularExpression("^[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,30}[A-Za-z0-9])?$", ErrorMessage = "{0} must be letters, digits, spaces, dots and dashes, at most 32 characters.")]
    public string Name { get; set; } = "";

    /// <summary>Where the API is, as <c>http://127.0.0.1:11434/v1</c>; https when a key goes there, but on this machine.</summary>
    [Required(ErrorMessage = "{0} must be an address, as http://127.0.0.1:11434/v1.")]
    public Uri? Endpoint { get; set; }

    /// <summary>The model to ask.</summary>
    [Required(ErrorMessage = "{0} must be the id of a model, as its server lists it.")]
    public string Model { get; set; } = "";

    /// <summary>Tokens that the model can read at once, as its server is set up.</summary>
    [Range(1_024, 2_000_000)]
    public int ContextTokens { get; set; } = 8_192;

    /// <summary>Tokens that it may answer with.</summary>
    [Range(64, 128_000)]
    public int MaxOutputTokens { get; set; } = 1_024;

    /// <summary>Whether it can call tools; without, it only talks.</summary>
    public bool CallsTools { get; set; } = true;

    /// <summary>US dollars for a million tokens sent; 0 for a machine of one's own. <c>Agent:Prices</c> wins.</summary>
    [Range(0.0, 10_000.0)]
    public decimal InputPerMillion { get; set; }

    /// <summary>US dollars for a million tokens answered.</summary>
    [Range(0.0, 10_000.0)]
    public decimal OutputPerMillion { get; set; }

    /// <summary>File that holds its key alone, on one line, if it wants one.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>Environment variable that holds its key, if it wants one and no <c>KeyFile</c> is given.</summary>
    public string KeyVariable { get; set; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Endpoint is null || !Endpoint.IsAbsoluteUri || Endpoint.Scheme != Uri.UriSchemeHttp && Endpoint.Scheme != Uri.UriSchemeHttps || Endpoint.UserInfo.Length > 0)
            yield return new("it must be an http or https address without a user name, as http://127.0.0.1:11434/v1.", [nameof(Endpoint)]);
        else if (KeyFile.Length + KeyVariable.Length > 0 && !KeySource.Carries(Endpoint))
            yield return new("a key goes there, so it must be an https address, or one of this machine.", [nameof(Endpoint)]);
        if (KeySource.Mistake(KeyFile) is { } wrong) yield return new(wrong, [nameof(KeyFile)]);
        if (MaxOutputTokens >= ContextTokens) yield return new("it must be less than ContextTokens.", [nameof(MaxOutputTokens)]);
    }
}
