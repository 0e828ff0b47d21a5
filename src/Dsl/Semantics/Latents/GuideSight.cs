using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Syntax;

namespace GenDsl.Dsl.Semantics.Latents;

/// <summary>
/// What a guide may look at: data, conditions, latents that it has proposed, and what the model's own body computes from those. What
/// depends on a latent that is not proposed yet is hidden.
/// </summary>
internal sealed class GuideSight
{
    private readonly Dictionary<string, string> _hidden = new(StringComparer.Ordinal);

    private GuideSight(ImmutableArray<StatementSyntax> early) => Early = early;

    /// <summary>Statements of the model's body that the guide reads: they come before it.</summary>
    public ImmutableArray<StatementSyntax> Early { get; }

    /// <summary>Reads the text of a model.</summary>
    public static GuideSight Of(ModelSyntax model)
    {
        ImmutableArray<StatementSyntax> body = model.Body.Statements;
        HashSet<string> parameters = [.. model.Header.Data.Concat(model.Header.Conditions).Concat(model.Header.Hyperparameters).Select(p => p.Name.Text)];
        List<string> guide = [.. body.OfType<GuideSyntax>().SelectMany(g => g.Body.Statements).SelectMany(SyntaxNames.In).Select(n => n.Text)];
        HashSet<string> latents = [.. body.OfType<DrawSyntax>().Where(d => d.Type is not null).Select(d => d.Name.Text)];
        var bound = body.Where(s => s is not (GuideSyntax or DrawSyntax)).SelectMany(SyntaxNames.BoundBy).GroupBy(n => n.Text).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        var hidden = latents.ToDictionary(l => l, l => l, StringComparer.Ordinal);
        var early = new List<BindingSyntax>();
        foreach (StatementSyntax statement in body.Where(s => s is not (GuideSyntax or DrawSyntax)))
        {
            string? behind = SyntaxNames.In(statement).Select(n => hidden.TryGetValue(n.Text, out string? latent) ? latent : null).FirstOrDefault(l => l is not null);
            foreach (string name in SyntaxNames.BoundBy(statement).Select(n => n.Text).Where(n => behind is not null && !parameters.Contains(n)))
            {
                hidden[name] = behind!;
            }

            // What is computed in loops, or under a name that is given again, stays where it is.
            if (behind is null && statement is BindingSyntax binding && binding.Names.All(n => bound[n.Text] == 1 && !parameters.Contains(n.Text))
                && SyntaxNames.In(binding).All(n => !bound.ContainsKey(n.Text) || early.Any(e => e.Names.Any(o => o.Text == n.Text))))
            {
                early.Add(binding);
            }
        }

        HashSet<string> wanted = [.. guide];
        foreach (BindingSyntax binding in Enumerable.Reverse(early).ToList())
        {
            if (!binding.Names.Any(n => wanted.Contains(n.Text)))
            {
                early.Remove(binding);
                continue;
            }

            wanted.UnionWith(SyntaxNames.In(binding).Select(n => n.Text));
        }

        var sight = new GuideSight([.. early]);
        foreach (KeyValuePair<string, string> name in hidden)
        {
            sight._hidden[name.Key] = name.Value;
        }

        return sight;
    }

    /// <summary>The latent, not proposed yet, that a name depends on; null where it may be read.</summary>
    public string? Behind(string name) => _hidden.TryGetValue(name, out string? latent) ? latent : null;
}
