namespace Abm.Decisions;

/// <summary>What is wrong with one field of an input. All problems of an input are reported together.</summary>
/// <param name="Code">Stable code such as <c>tooLong</c>, <c>wrongType</c>, <c>required</c>, <c>unknownValue</c>, <c>controlCharacters</c>.</param>
/// <param name="Field">The field as the sender names it (JSON path or CSV column); empty for the input as a whole.</param>
/// <param name="Message">What is wrong and what would be right, without repeating personal data.</param>
public sealed record Problem(string Code, string Field, string Message);
