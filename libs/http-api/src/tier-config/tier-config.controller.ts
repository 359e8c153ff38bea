import { Controller, Get, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { FleetStatusReader, planTierChange } from '@smart-router/fleet';
import { annotate, FieldsPipe, parseJsonObject, preconditionFailed, sendState } from '@smart-router/http';
import {
  type ExpectedState,
  type TierConfig,
  type TierConfigRevision,
  TierConfigService,
  tierConfigEnvelope,
  tierConfigTag,
} from '@smart-router/tier-config';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { changeAuthorOf } from '../audit/change-author';
import { DryRunQuery } from '../inputs/dry-run-query.dto';
import { expectedStateOf } from '../inputs/expected-state';
import { VersionPath } from '../inputs/path-params.dto';
import { rollbackOf, RollbackRequest } from '../inputs/rollback.dto';
import { ApiRoute, BODY_ERRORS, STORE_ERRORS } from '../openapi/api-route';
import { dryRunBody } from './dry-run-body';
import { DryRunResponse } from './dry-run.dto';
import { storedConfig, validConfig } from './tier-config-outcome';
import { unknownVersion, versionConflict } from '../inputs/version-errors';
import { TierConfigChange, TierConfigResponse, TierConfigRevisionBody, TierConfigVersions } from './tier-config.dto';

function revisionBody({ version, config }: TierConfigRevision): TierConfigRevisionBody {
  return { version, config: config && tierConfigEnvelope(config) };
}

@ApiTags('tier config')
@Controller('tier-config')
export class TierConfigController {
  constructor(
    private readonly tierConfig: TierConfigService,
    private readonly fleet: FleetStatusReader,
  ) {}

  @Get()
  @ApiRoute({
    id: 'getTierConfig',
    scope: 'read',
    summary: 'Show the tier config in force',
    description: 'Looks at the store first. Where the store cannot be reached, the last good config is still in force.',
    answer: TierConfigResponse,
    answerText: 'The config.',
    errors: ['DEADLINE_EXCEEDED'],
    conditional: 'read',
  })
  async get(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.tierConfig.refresh();
    const config = this.tierConfig.current();
    sendState(request, reply, tierConfigTag(config), tierConfigEnvelope(config));
  }

  @Put()
  @ApiBody({ type: TierConfigChange })
  @ApiRoute({
    id: 'putTierConfig',
    scope: 'write',
    summary: 'Replace the tier config, or ask what that would do',
    description:
      'All or nothing; content that is in force already makes no new version. `version` names the version that is replaced; where another one is current by now, nothing ' +
      'is changed and the answer is 409. With `If-Match` the version may be left out; a state that it does not name is ' +
      'answered with 412. With `dry_run=true` nothing is changed in any case: the answer shows what ' +
      'would move, and `version` may be left out.',
    query: DryRunQuery,
    answer: { anyOf: [TierConfigResponse, DryRunResponse] },
    answerText: 'The new config; for a dry run, what would move.',
    errors: [...BODY_ERRORS, 'INVALID_TIER_CONFIG', 'VERSION_CONFLICT', ...STORE_ERRORS],
    fieldError: 'version is required',
    conditional: 'write',
  })
  async put(
    @Query(new FieldsPipe(DryRunQuery)) { dry_run }: DryRunQuery,
    @Req() request: FastifyRequest,
  ): Promise<TierConfigResponse | DryRunResponse> {
    const { version, ...config } = parseJsonObject(request.body);
    const isDryRun = dry_run === 'true';
    const expected = expectedStateOf(request, version, isDryRun);
    if (isDryRun) return this.dryRun(validConfig(this.tierConfig.check(config)), expected);
    annotate(request, { expected_version: expected.version });
    const stored = storedConfig(await this.tierConfig.replace(config, expected, changeAuthorOf(request)));
    annotate(request, { tier_config_version: stored.version });
    return stored;
  }

  @Get('versions')
  @ApiRoute({
    id: 'listTierConfigVersions',
    scope: 'read',
    summary: 'List earlier tier configs',
    description: 'What was stored, newest first; the first one is current unless somebody edited the store by hand.',
    answer: TierConfigVersions,
    answerText: 'The history.',
    errors: STORE_ERRORS,
  })
  async versions(): Promise<TierConfigVersions> {
    return { items: (await this.tierConfig.history()).map(revisionBody), cursor: null };
  }

  @Get('versions/:version')
  @ApiRoute({
    id: 'getTierConfigVersion',
    scope: 'read',
    summary: 'Show one version of the tier config',
    description: 'What was stored as this version, one of the last 50.',
    answer: TierConfigRevisionBody,
    answerText: 'The version.',
    errors: ['INVALID_FIELD', 'VERSION_NOT_FOUND', ...STORE_ERRORS],
    fieldError: 'version must be a whole number, 0 or more',
  })
  async version(@Param(new FieldsPipe(VersionPath)) path: VersionPath): Promise<TierConfigRevisionBody> {
    const asked = Number(path.version);
    const revision = (await this.tierConfig.history()).find(({ version }) => version === asked);
    if (revision === undefined) throw unknownVersion(asked);
    return revisionBody(revision);
  }

  @Post('rollback')
  @ApiBody({ type: RollbackRequest })
  @ApiRoute({
    id: 'rollbackTierConfig',
    scope: 'write',
    summary: 'Bring an earlier tier config back',
    description:
      'Stores the content of `to_version` again, as a new version. With `dry_run=true` nothing is changed: the answer ' +
      'shows what would move, and `version` may be left out.',
    query: DryRunQuery,
    answer: { anyOf: [TierConfigResponse, DryRunResponse] },
    answerText: 'The new config; for a dry run, what would move.',
    errors: [...BODY_ERRORS, 'INVALID_TIER_CONFIG', 'VERSION_NOT_FOUND', 'VERSION_CONFLICT', ...STORE_ERRORS],
    fieldError: 'to_version is required',
    conditional: 'write',
  })
  async rollback(
    @Query(new FieldsPipe(DryRunQuery)) { dry_run }: DryRunQuery,
    @Req() request: FastifyRequest,
  ): Promise<TierConfigResponse | DryRunResponse> {
    const isDryRun = dry_run === 'true';
    const { toVersion, expected } = rollbackOf(request, parseJsonObject(request.body), isDryRun);
    if (isDryRun) return this.dryRunRollback(toVersion, expected);
    annotate(request, { expected_version: expected.version, to_version: toVersion });
    const stored = storedConfig(await this.tierConfig.rollback(toVersion, expected, changeAuthorOf(request)));
    annotate(request, { tier_config_version: stored.version });
    return stored;
  }

  private async dryRunRollback(toVersion: number, expected: ExpectedState): Promise<DryRunResponse> {
    const parsed = await this.tierConfig.checkRollback(toVersion);
    if (parsed === null) throw unknownVersion(toVersion);
    return this.dryRun(validConfig(parsed), expected);
  }

  private async dryRun(after: TierConfig, { version, precondition }: ExpectedState): Promise<DryRunResponse> {
    await this.tierConfig.refresh();
    const before = this.tierConfig.current();
    const tag = tierConfigTag(before);
    if (precondition?.holds(tag) === false) throw preconditionFailed(tag);
    if (version !== undefined && version !== before.version) throw versionConflict(before.version);
    const { pools } = await this.fleet.readPools();
    return dryRunBody(before.version, planTierChange(pools, before, after));
  }
}
