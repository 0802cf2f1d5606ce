using Scalar.AspNetCore;

namespace Ferry.Gateway.Documentation;

/// <summary>The page that shows the OpenAPI documents.</summary>
public static class ApiDocumentation
{
    /// <summary>Where it is.</summary>
    public const string Path = "/docs";

    /// <summary>Maps the page. It loads nothing from elsewhere and tells nobody that it is read.</summary>
    /// <param name="endpoints">The program's endpoints.</param>
    /// <param name="documents">Names of the documents.</param>
    public static IEndpointRouteBuilder MapApiDocumentation(this IEndpointRouteBuilder endpoints, params string[] documents)
    {
        endpoints.MapScalarApiReference(Path, options => options
            .WithTitle("Ferry API")
            .AddDocuments(documents)
            .AddPreferredSecuritySchemes("apiKey")
            .DisableDefaultFonts()
            .DisableTelemetry());
        return endpoints;
    }
}
