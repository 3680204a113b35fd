"""Search for short Vietnamese text: from what was typed to a topic, or to an honest "not known"."""

from domain.search.cues import Cue, Cues, bare_names, cue
from domain.search.index import Index, Material
from domain.search.lexicon import Lexicon
from domain.search.ranking import Decision, Ranking, Reason, Scored, Verdict, Why
from domain.search.searcher import Searcher

__all__ = [
    "Cue",
    "Cues",
    "Decision",
    "Index",
    "Lexicon",
    "Material",
    "Ranking",
    "Reason",
    "Scored",
    "Searcher",
    "Verdict",
    "Why",
    "bare_names",
    "cue",
]
