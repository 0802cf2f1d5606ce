using Ferry.Contracts.Conversions;

namespace Ferry.Cli.Output;

/// <summary>Shows a running conversion to a person.</summary>
internal interface IConversionDisplay
{
    /// <summary>Takes the newest view; called several times a second.</summary>
    void Show(ConversionView view);
}
