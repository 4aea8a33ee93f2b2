"""The champions in memory: found by their pointers or aliases, checked, swapped whole; the last good ones stay.

In this order a target is answered by: its champion; the champion that answered before, from memory or from the disk
cache; the published fallback table; the rule of thumb. A target of which nothing was ever known is not answered.
"""

from __future__ import annotations

from typing import Any

from include.config import SERVICES, Settings
from include.errors import BundleError, SourceUnavailableError, TaxiError
from include.features.trip_features import TARGETS, targets_of
from include.models.bundle import Pointer, model_name, read_bundle, require_same_answers
from include.models.fallback import from_bytes, published_fallback
from include.models.pointer_path import refuse_foreign
from include.serving.champions.bundle_cache import BundleCache
from include.serving.champions.line_up import Champion, Key, LineUp, RuleStandIn, Said, StandIn, TableStandIn
from include.serving.champions.sources import ChampionSource, PublishedPointers, champion_source
from include.serving.quotes.trips import Trip, request_matrix
from include.utils.logs import get_logger

KEYS: tuple[Key, ...] = tuple((service, target) for service in SERVICES for target in targets_of(service))


class ModelLoader:
    """Champions by (service, target). `refresh` looks for new ones; a request sees one consistent set."""

    def __init__(self, settings: Settings) -> None:
        self.lake_root = settings.lake
        self.source: ChampionSource = champion_source(settings)
        self.cache = BundleCache(settings.model_cache_folder)
        self.line_up = LineUp()
        self.origin = "the aliases in MLflow" if settings.champions_from == "mlflow" else "the pointers in the lake"
        self.cache_problem = self.source_problem = self._source_fault = ""
        self._told: set[str] = set()

    @property
    def champions(self) -> dict[Key, Champion]:
        """The bundles that answer now."""
        return self.line_up.champions

    @property
    def problems(self) -> dict[Key, str]:
        """Why a champion is not the one that it should be."""
        return self.line_up.problems

    def served(self) -> list[str]:
        """Services that are quoted: with a champion, or with what stands in for one."""
        return self.line_up.services

    def get_production_model(self, service: str, target: str) -> Champion | None:
        """The champion that answers now."""
        return self.line_up.champions.get((service, target))

    def refresh(self) -> None:
        """Loads what is champion now; what cannot be used is reported, and the last good one stays."""
        champions: dict[Key, Champion] = {}
        stand_ins: dict[Key, StandIn] = {}
        problems: dict[Key, str] = {}
        self._source_fault = ""
        for key in KEYS:
            try:
                champion = self.load_model_from_mlflow(*key)
            except Exception as fault:  # noqa: BLE001 - a storage's client raises its own; the other models load
                champion = self.champions.get(key) or self._last_good(key)
                if champion is None and not self._was_known(key, fault):
                    continue
                problems[key] = str(fault) or type(fault).__name__
            if champion is not None:
                champions[key] = champion
            elif key in problems:
                stand_ins[key] = self._stand_in(key)
        self._report(problems)
        self.source_problem = self._source_fault
        self.line_up = LineUp(champions, stand_ins, problems)

    def load_model_from_mlflow(self, service: str, target: str) -> Champion | None:
        """The champion that the registry names, checked; the one in memory when it is the same. None before the first.

        TaxiError or OSError when the registry is away and its pointer too, or the bundle cannot be used.
        """
        key, name = (service, target), model_name(service, target)
        held, pointer = self.champions.get(key), self._pointer(key)
        if pointer is None:
            self._require_no_record(name)
            return None
        if held is not None and held.pointer == pointer:
            return held
        refuse_foreign(self.lake_root, name, pointer)
        champion = self.cache_model(pointer)
        get_logger(phase="serve").info("champion loaded", model=name, version=pointer.version)
        return champion

    def cache_model(self, pointer: Pointer) -> Champion:
        """A pointer's bundle, from the disk cache or from where it is published, checked before anybody is answered.

        A published one that is good is copied into the cache; a bad one never gets there.
        """
        kept = self.cache.bundle(pointer)
        if kept is not None:
            try:
                champion = self._checked(pointer, str(kept))
                self._remember(pointer)
                return champion
            except BundleError as fault:
                self._tell_once("a cached bundle is copied again", str(fault))
        champion = self._checked(pointer, pointer.uri)
        try:
            self.cache.keep(pointer)
        except OSError as fault:
            self._cache_fault(fault)
        else:
            self._remember(pointer)
        return champion

    def predict(self, trips: list[Trip]) -> list[dict[str, Any]]:
        """Trips of one service -> per trip the answer for each target, None for one that nothing is known of."""
        line_up, service = self.line_up, trips[0].service  # `refresh` replaces it whole: one look, one set
        matrix = request_matrix(trips)
        answers: list[dict[str, Any]] = [dict.fromkeys(TARGETS) | {"degraded": False} for _ in trips]
        for target in targets_of(service):
            champion, stand_in = line_up.champions.get((service, target)), line_up.stand_ins.get((service, target))
            said: list[Said]
            if champion is not None:
                said = champion.answer(matrix)
            elif stand_in is not None:
                said = stand_in.answer(trips)
            else:
                continue
            for answer, one in zip(answers, said, strict=True):
                answer[target] = one
                answer["degraded"] |= champion is None
        return answers

    def _pointer(self, key: Key) -> Pointer | None:
        """What the registry names; while it is away, who answers now, who answered last, or the lake's pointer."""
        name, held = model_name(*key), self.champions.get(key)
        try:
            return self.source.champion(name)
        except (SourceUnavailableError, OSError) as fault:
            self._source_fault = str(fault)
            if isinstance(self.source, PublishedPointers):
                raise
            known = [held.pointer] if held else self.cache.remembered(name)
            published = known[0] if known else PublishedPointers(self.lake_root).champion(name)
            if published is None:
                raise
            return published

    def _require_no_record(self, name: str) -> None:
        """A model that answered once and that nobody names any more was lost, not withdrawn."""
        remembered = self.cache.remembered(name)
        if remembered:
            raise BundleError(
                f"{name} had a champion (version {remembered[0].version}) and nothing names one now: the lake or the "
                f"registry is away. Bring {self.lake_root} back, or remove the cache in {self.cache.folder}."
            )

    def _checked(self, pointer: Pointer, uri: str) -> Champion:
        bundle = read_bundle(uri, pointer.card_sha256)
        if bundle.card.model_name != pointer.model_name:
            raise BundleError(f"bundle {uri} is {bundle.card.model_name}, {pointer.model_name} is expected.")
        require_same_answers(bundle)
        return Champion(pointer, bundle)

    def _last_good(self, key: Key) -> Champion | None:
        """The newest remembered champion whose copy can still be used; that of a service that was started anew."""
        for pointer in self.cache.remembered(model_name(*key)):
            kept = self.cache.bundle(pointer)
            try:
                if kept is not None:
                    return self._checked(pointer, str(kept))
            except (TaxiError, OSError):
                continue
        return None

    def _was_known(self, key: Key, fault: Exception) -> bool:
        """Whether the model was ever promoted: a registry that is away says nothing about it, a bad bundle does."""
        if not isinstance(fault, SourceUnavailableError | OSError):
            return True
        name = model_name(*key)
        return bool(self.cache.remembered(name)) or self.cache.fallback(name) is not None

    def _stand_in(self, key: Key) -> StandIn:
        """What answers when a model was promoted once and none can be used."""
        held, name = self.line_up.stand_ins.get(key), model_name(*key)
        if isinstance(held, TableStandIn):
            return held
        for found in (self._published_fallback(name), self.cache.fallback(name)):
            try:
                if found is not None:
                    return TableStandIn(from_bytes(found, f"the fallback of {name}"))
            except BundleError as fault:
                get_logger(phase="serve").error("fallback not usable", reason=str(fault))
        return RuleStandIn(*key)

    def _published_fallback(self, name: str) -> bytes | None:
        try:
            return published_fallback(self.lake_root, name)
        except Exception as fault:  # noqa: BLE001 - as in `refresh`
            self._tell_once("published fallback not readable", f"{name}: {fault}")
            return None

    def _remember(self, pointer: Pointer) -> None:
        """Writes down who answers, and keeps the table that would stand in, for a start without the lake."""
        try:
            self.cache.remember(pointer)
            table = self._published_fallback(pointer.model_name)
            if table is not None:
                self.cache.keep_fallback(pointer.model_name, table)
        except OSError as fault:
            self._cache_fault(fault)

    def _cache_fault(self, fault: OSError) -> None:
        said = f"{type(fault).__name__}: {fault}"
        if said != self.cache_problem:
            get_logger(phase="serve").warning(
                "the cache cannot be written, a start without the lake would fail", reason=said
            )
        self.cache_problem = said

    def _tell_once(self, event: str, reason: str) -> None:
        """A round comes every second or so, and what it meets mostly stays."""
        if reason not in self._told:
            self._told.add(reason)
            get_logger(phase="serve").warning(event, reason=reason)

    def _report(self, problems: dict[Key, str]) -> None:
        """Logs what is new since the last round, so that a long outage is one line and not thousands."""
        for key, said in problems.items():
            if self.problems.get(key) != said:
                get_logger(phase="serve").error("champion not usable, the last good one stays", reason=said)
